using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Sealing;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Reads operations from untrusted bytes; only well-formed ones come out.</summary>
internal static class OperationReader
{
    /// <summary>Reads an operation; null and a failed reader if there is none.</summary>
    public static NamespaceOperation? Read(ref WireReader reader)
    {
        var code = (OperationCode)reader.U8();
        NamespaceOperation? read = code switch
        {
            OperationCode.None => null,
            < OperationCode.SetAttributes => ReadEntry(code, ref reader),
            < OperationCode.SetLock => ReadContent(code, ref reader),
            <= OperationCode.RequireLease => ReadClaim(code, ref reader),
            _ => null,
        };
        if (read is null || reader.Failed || !OperationRules.IsWellFormed(read))
        {
            reader.Fail();
            return null;
        }

        return read;
    }

    private static NamespaceOperation ReadEntry(OperationCode code, ref WireReader reader) => code switch
    {
        OperationCode.Make => new Make(
            reader.U64(),
            EntryName.Read(ref reader),
            reader.U64(),
            (FileKind)reader.U8(),
            Owner(ref reader),
            reader.U32(),
            Number(ref reader)),
        OperationCode.MakeSymlink => new MakeSymlink(
            reader.U64(),
            EntryName.Read(ref reader),
            reader.U64(),
            reader.Opaque16(NamespaceLimits.TargetSizeMax).ToArray(),
            Owner(ref reader),
            Number(ref reader)),
        OperationCode.MakeUnnamed => new MakeUnnamed(reader.U64(), Owner(ref reader), Number(ref reader)),
        OperationCode.Link => new Link(
            reader.U64(), reader.U64(), EntryName.Read(ref reader), Number(ref reader)),
        OperationCode.Unlink => new Unlink(reader.U64(), EntryName.Read(ref reader), Number(ref reader)),
        OperationCode.RemoveDirectory =>
            new RemoveDirectory(reader.U64(), EntryName.Read(ref reader), Number(ref reader)),
        _ => new Rename(
            reader.U64(),
            EntryName.Read(ref reader),
            reader.U64(),
            EntryName.Read(ref reader),
            (RenameMode)reader.U8(),
            Number(ref reader)),
    };

    private static NamespaceOperation? ReadContent(OperationCode code, ref WireReader reader) => code switch
    {
        OperationCode.SetAttributes => new SetAttributes(
            reader.U64(),
            (AttributeFields)reader.U8(),
            Owner(ref reader),
            Number(ref reader),
            Number(ref reader),
            Number(ref reader)),
        OperationCode.Truncate => new Truncate(reader.U64(), Number(ref reader), Number(ref reader)),
        OperationCode.WriteStripe => ReadStripe(ref reader),
        OperationCode.WriteInline => new WriteInline(
            reader.U64(), reader.Opaque16(NamespaceLimits.InlineSizeMax).ToArray(), Number(ref reader)),
        OperationCode.PunchHole =>
            new PunchHole(reader.U64(), Number(ref reader), Number(ref reader), Number(ref reader)),
        OperationCode.CloneRange => new CloneRange(
            reader.U64(),
            Number(ref reader),
            reader.U64(),
            Number(ref reader),
            Number(ref reader),
            Number(ref reader)),
        OperationCode.SetXattr => new SetXattr(
            reader.U64(),
            reader.Opaque8().ToArray(),
            reader.Opaque16(NamespaceLimits.XattrValueSizeMax).ToArray(),
            (XattrMode)reader.U8(),
            Number(ref reader)),
        _ => new RemoveXattr(reader.U64(), reader.Opaque8().ToArray(), Number(ref reader)),
    };

    private static NamespaceOperation ReadClaim(OperationCode code, ref WireReader reader) => code switch
    {
        OperationCode.SetLock => new SetLock(
            reader.U64(),
            (LockSpace)reader.U8(),
            reader.U64(),
            Number(ref reader),
            Number(ref reader),
            (LockKind)reader.U8()),
        OperationCode.Hold => new Hold(reader.U64()),
        OperationCode.Release => new Release(reader.U64()),
        OperationCode.ReleaseWriter => new ReleaseWriter(new NodeId(reader.Digest())),
        OperationCode.RequireEntry => new RequireEntry(reader.U64(), EntryName.Read(ref reader), reader.U64()),
        OperationCode.RequireVersion => new RequireVersion(reader.U64(), reader.U64()),
        OperationCode.TakeLease => new TakeLease(reader.U64()),
        _ => new RequireLease(reader.U64()),
    };

    private static WriteStripe? ReadStripe(ref WireReader reader)
    {
        ulong inode = reader.U64();
        long offset = Number(ref reader);
        uint length = reader.U32();
        StripeEntry? stripe = StripeEntry.Read(ref reader);
        long at = Number(ref reader);
        return stripe is null || length > int.MaxValue
            ? null
            : new WriteStripe(inode, offset, (int)length, stripe, at);
    }

    private static Ownership Owner(ref WireReader reader) => new(reader.U16(), reader.U32(), reader.U32());

    private static long Number(ref WireReader reader) => unchecked((long)reader.U64());
}
