using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults;

/// <summary>A file, directory or link in a vault.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Stat">What is known of it.</param>
/// <param name="Target">Of a symbolic link where it points, else null.</param>
public sealed record VaultEntry(VaultPath Path, InodeStat Stat, string? Target)
{
    /// <summary>What it is.</summary>
    public FileKind Kind => Stat.Kind;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Kind == FileKind.Directory;

    /// <summary>Bytes of content.</summary>
    public long Size => Stat.Size;

    /// <summary>The lower 12 bits of its mode.</summary>
    public UnixFileMode Mode => (UnixFileMode)Stat.Owner.Mode;

    /// <summary>When its content changed.</summary>
    public DateTimeOffset ModifiedAt => UnixTime.ToDate(Stat.ModifiedAt);
}
