namespace SigmaComms.Vault.Namespace;

/// <summary>An entry of a listing.</summary>
/// <param name="Name">The name.</param>
/// <param name="Inode">What it stands for.</param>
/// <param name="Cookie">Where a listing goes on after it.</param>
public readonly record struct DirectoryItem(EntryName Name, ulong Inode, ulong Cookie);
