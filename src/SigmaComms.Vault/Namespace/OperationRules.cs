using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>What an operation must be to be written at all, whatever the state.</summary>
internal static class OperationRules
{
    /// <summary>Whether every field is in its range.</summary>
    public static bool IsWellFormed(NamespaceOperation operation) => operation switch
    {
        Make op => IsNew(op.Inode) && IsName(op.Name) && IsOwner(op.Owner) && IsMade(op.Kind, op.Device),
        MakeSymlink op => IsNew(op.Inode) && IsName(op.Name) && IsOwner(op.Owner)
            && op.Target.Length is > 0 and <= NamespaceLimits.TargetSizeMax && !op.Target.Span.Contains((byte)0),
        MakeUnnamed op => IsNew(op.Inode) && IsOwner(op.Owner),
        Link op => IsName(op.Name),
        Unlink op => IsName(op.Name),
        RemoveDirectory op => IsName(op.Name),
        Rename op => IsName(op.Name) && IsName(op.NewName) && op.Mode <= RenameMode.Exchange,
        SetAttributes op => IsCanonical(op),
        Truncate op => IsSize(op.Size),
        WriteStripe op => op.Length >= 1 && op.Length <= op.Stripe.PlaintextLength && IsRange(op.Offset, op.Length),
        WriteInline op => op.Content.Length <= NamespaceLimits.InlineSizeMax,
        PunchHole op => op.Length >= 1 && IsRange(op.Offset, op.Length),
        CloneRange op => op.Length >= 1 && IsRange(op.SourceOffset, op.Length) && IsRange(op.Offset, op.Length),
        SetXattr op => IsXattrName(op.Name.Span) && op.Value.Length <= NamespaceLimits.XattrValueSizeMax
            && op.Mode <= XattrMode.Replace,
        RemoveXattr op => IsXattrName(op.Name.Span),
        SetLock op => op.Space is LockSpace.Record or LockSpace.WholeFile && op.First >= 0 && op.Last >= op.First
            && op.Kind <= LockKind.Exclusive,
        RequireEntry op => IsName(op.Name),
        TakeLease op => op.Epoch < ulong.MaxValue,
        _ => true,
    };

    private static bool IsNew(ulong inode) => inode is > NamespaceLimits.Root and <= NamespaceLimits.InodeMax;

    private static bool IsName(EntryName name) => EntryName.IsName(name.Bytes);

    private static bool IsOwner(Ownership owner) => owner.Mode <= Ownership.ModeMask;

    private static bool IsMade(FileKind kind, uint device) => kind switch
    {
        FileKind.CharacterDevice or FileKind.BlockDevice => true,
        FileKind.Regular or FileKind.Directory or FileKind.Fifo or FileKind.Socket => device == 0,
        _ => false,
    };

    /// <summary>What is not set is zero, so that there is one form of everything.</summary>
    private static bool IsCanonical(SetAttributes op)
    {
        const AttributeFields All = AttributeFields.Mode | AttributeFields.Uid | AttributeFields.Gid
            | AttributeFields.AccessedAt | AttributeFields.ModifiedAt;
        return (op.Fields & ~All) == 0
            && IsOwner(op.Owner)
            && (op.Fields.HasFlag(AttributeFields.Mode) || op.Owner.Mode == 0)
            && (op.Fields.HasFlag(AttributeFields.Uid) || op.Owner.Uid == 0)
            && (op.Fields.HasFlag(AttributeFields.Gid) || op.Owner.Gid == 0)
            && (op.Fields.HasFlag(AttributeFields.AccessedAt) || op.AccessedAt == 0)
            && (op.Fields.HasFlag(AttributeFields.ModifiedAt) || op.ModifiedAt == 0);
    }

    private static bool IsSize(long size) => size is >= 0 and <= NamespaceLimits.FileSizeMax;

    private static bool IsRange(long offset, long length) =>
        IsSize(offset) && IsSize(length) && offset <= NamespaceLimits.FileSizeMax - length;

    private static bool IsXattrName(ReadOnlySpan<byte> name) =>
        name.Length is >= 1 and <= NamespaceLimits.XattrNameSizeMax && !name.Contains((byte)0);
}
