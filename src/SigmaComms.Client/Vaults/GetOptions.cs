namespace SigmaComms.Client.Vaults;

/// <summary>How a tree is got.</summary>
public sealed class GetOptions
{
    /// <summary>Whether files of this machine are replaced. Default: yes.</summary>
    public bool MayReplace { get; set; } = true;
}
