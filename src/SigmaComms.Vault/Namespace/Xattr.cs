namespace SigmaComms.Vault.Namespace;

/// <summary>An extended attribute. The arrays are never changed.</summary>
internal readonly record struct Xattr(byte[] Name, byte[] Value)
{
    /// <summary>What it counts against an inode's limit.</summary>
    public int SizeBytes => Name.Length + Value.Length;
}
