namespace SigmaComms.Client.Vaults;

/// <summary>What is set of a file that is put.</summary>
public sealed class PutOptions
{
    /// <summary>Its permissions. Default: 0644.</summary>
    public UnixFileMode Mode { get; set; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>When its content changed. Default: now.</summary>
    public DateTimeOffset? ModifiedAt { get; set; }

    /// <summary>Whether a file of this name is replaced. Default: yes.</summary>
    public bool MayReplace { get; set; } = true;
}
