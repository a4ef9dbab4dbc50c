using SigmaComms.Cryptography.Encoding;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Namespace;

/// <summary>Writes operations. Byte table: docs/formats/vault-namespace.md.</summary>
internal static class OperationWriter
{
    /// <summary>Writes an operation.</summary>
    public static void Write(WireWriter writer, NamespaceOperation operation)
    {
        OperationCode code = CodeOf(operation);
        writer.U8((byte)code);
        if (code < OperationCode.SetAttributes)
        {
            WriteEntry(writer, operation);
        }
        else if (code < OperationCode.SetLock)
        {
            WriteContent(writer, operation);
        }
        else
        {
            WriteClaim(writer, operation);
        }
    }

    private static OperationCode CodeOf(NamespaceOperation operation) => operation switch
    {
        Make => OperationCode.Make,
        MakeSymlink => OperationCode.MakeSymlink,
        MakeUnnamed => OperationCode.MakeUnnamed,
        Link => OperationCode.Link,
        Unlink => OperationCode.Unlink,
        RemoveDirectory => OperationCode.RemoveDirectory,
        Rename => OperationCode.Rename,
        SetAttributes => OperationCode.SetAttributes,
        Truncate => OperationCode.Truncate,
        WriteStripe => OperationCode.WriteStripe,
        WriteInline => OperationCode.WriteInline,
        PunchHole => OperationCode.PunchHole,
        CloneRange => OperationCode.CloneRange,
        SetXattr => OperationCode.SetXattr,
        RemoveXattr => OperationCode.RemoveXattr,
        SetLock => OperationCode.SetLock,
        Hold => OperationCode.Hold,
        Release => OperationCode.Release,
        ReleaseWriter => OperationCode.ReleaseWriter,
        RequireEntry => OperationCode.RequireEntry,
        RequireVersion => OperationCode.RequireVersion,
        TakeLease => OperationCode.TakeLease,
        _ => OperationCode.RequireLease,
    };

    private static void WriteEntry(WireWriter writer, NamespaceOperation operation)
    {
        switch (operation)
        {
            case Make op:
                Owner(writer.U64(op.Parent).Opaque8(op.Name.Bytes).U64(op.Inode).U8((byte)op.Kind), op.Owner)
                    .U32(op.Device).U64(Bits(op.At));
                break;
            case MakeSymlink op:
                Owner(writer.U64(op.Parent).Opaque8(op.Name.Bytes).U64(op.Inode).Opaque16(op.Target.Span), op.Owner)
                    .U64(Bits(op.At));
                break;
            case MakeUnnamed op:
                Owner(writer.U64(op.Inode), op.Owner).U64(Bits(op.At));
                break;
            case Link op:
                writer.U64(op.Inode).U64(op.Parent).Opaque8(op.Name.Bytes).U64(Bits(op.At));
                break;
            case Unlink op:
                writer.U64(op.Parent).Opaque8(op.Name.Bytes).U64(Bits(op.At));
                break;
            case RemoveDirectory op:
                writer.U64(op.Parent).Opaque8(op.Name.Bytes).U64(Bits(op.At));
                break;
            default:
                var rename = (Rename)operation;
                writer.U64(rename.Parent).Opaque8(rename.Name.Bytes).U64(rename.NewParent)
                    .Opaque8(rename.NewName.Bytes).U8((byte)rename.Mode).U64(Bits(rename.At));
                break;
        }
    }

    private static void WriteContent(WireWriter writer, NamespaceOperation operation)
    {
        switch (operation)
        {
            case SetAttributes op:
                Owner(writer.U64(op.Inode).U8((byte)op.Fields), op.Owner)
                    .U64(Bits(op.AccessedAt)).U64(Bits(op.ModifiedAt)).U64(Bits(op.At));
                break;
            case Truncate op:
                writer.U64(op.Inode).U64(Bits(op.Size)).U64(Bits(op.At));
                break;
            case WriteStripe op:
                writer.U64(op.Inode).U64(Bits(op.Offset)).U32((uint)op.Length);
                op.Stripe.Write(writer);
                writer.U64(Bits(op.At));
                break;
            case WriteInline op:
                writer.U64(op.Inode).Opaque16(op.Content.Span).U64(Bits(op.At));
                break;
            case PunchHole op:
                writer.U64(op.Inode).U64(Bits(op.Offset)).U64(Bits(op.Length)).U64(Bits(op.At));
                break;
            case CloneRange op:
                writer.U64(op.Source).U64(Bits(op.SourceOffset)).U64(op.Inode).U64(Bits(op.Offset))
                    .U64(Bits(op.Length)).U64(Bits(op.At));
                break;
            case SetXattr op:
                writer.U64(op.Inode).Opaque8(op.Name.Span).Opaque16(op.Value.Span).U8((byte)op.Mode)
                    .U64(Bits(op.At));
                break;
            default:
                var remove = (RemoveXattr)operation;
                writer.U64(remove.Inode).Opaque8(remove.Name.Span).U64(Bits(remove.At));
                break;
        }
    }

    private static void WriteClaim(WireWriter writer, NamespaceOperation operation)
    {
        switch (operation)
        {
            case SetLock op:
                writer.U64(op.Inode).U8((byte)op.Space).U64(op.Owner).U64(Bits(op.First)).U64(Bits(op.Last))
                    .U8((byte)op.Kind);
                break;
            case Hold op:
                writer.U64(op.Inode);
                break;
            case Release op:
                writer.U64(op.Inode);
                break;
            case ReleaseWriter op:
                writer.Digest(op.Writer.Value);
                break;
            case RequireEntry op:
                writer.U64(op.Parent).Opaque8(op.Name.Bytes).U64(op.Inode);
                break;
            case RequireVersion op:
                writer.U64(op.Inode).U64(op.Version);
                break;
            case TakeLease op:
                writer.U64(op.Epoch);
                break;
            default:
                writer.U64(((RequireLease)operation).Epoch);
                break;
        }
    }

    private static WireWriter Owner(WireWriter writer, Ownership owner) =>
        writer.U16(owner.Mode).U32(owner.Uid).U32(owner.Gid);

    private static ulong Bits(long value) => unchecked((ulong)value);
}
