namespace SigmaComms.Vault.Namespace;

/// <summary>How one change of the store is taken back.</summary>
internal readonly record struct UndoStep(
    UndoKind Kind, object? Target = null, object? Former = null, ulong Inode = 0, ulong Cookie = 0);
