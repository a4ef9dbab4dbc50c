using System.Diagnostics;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>Encodes a commit; see docs/formats/conversation-journal.md.</summary>
internal static class ChangeCodec
{
    private const int SessionMaxBytes = 16 * 1024 * 1024;
    private const int BlobMaxBytes = 256 * 1024;

    /// <summary>Encodes the changes one after another.</summary>
    public static void Write(IEnumerable<ConversationChange> changes, WireWriter writer)
    {
        foreach (ConversationChange change in changes)
        {
            Write(change, writer);
        }
    }

    /// <summary>Decodes a commit.</summary>
    /// <returns>Null if the bytes are not exactly a list of changes.</returns>
    public static IReadOnlyList<ConversationChange>? Read(ReadOnlySpan<byte> bytes)
    {
        var changes = new List<ConversationChange>();
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            ConversationChange? change = ReadOne(ref reader);
            if (change is null || reader.Failed)
            {
                return null;
            }

            changes.Add(change);
        }

        return changes;
    }

    private static void Write(ConversationChange change, WireWriter writer)
    {
        switch (change)
        {
            case ConversationChange.Restored c:
                writer.U8(1).U64(c.NextSent).U64(c.NextReceived).U64(c.AcknowledgedToPeer);
                break;
            case ConversationChange.SessionMoved c:
                writer.U8(2).Opaque32(c.State.Span);
                break;
            case ConversationChange.Sealed c:
                writer.U8(3).Id(c.Id).U8((byte)c.Kind).U64(c.Counter).U64(c.Acknowledged)
                    .Opaque32(c.Bytes.Span);
                break;
            case ConversationChange.Accepted c:
                writer.U8(4).Id(c.Id).U64((ulong)c.UnixMs);
                break;
            case ConversationChange.PeerAcknowledged c:
                writer.U8(5).U64(c.UpTo);
                break;
            case ConversationChange.Arrived c:
                writer.U8(6).Id(c.Item.Id).U8((byte)c.Item.Kind).U64(c.Item.Counter).U64(c.Item.SentUnixMs)
                    .Opaque32(c.Item.Body.Span);
                break;
            case ConversationChange.Marked c:
                writer.U8(7).U64(c.Counter);
                break;
            case ConversationChange.PrekeysSpent c:
                WriteSpent(c.Spent, writer.U8(8));
                break;
            case ConversationChange.PrekeysForgotten:
                writer.U8(9);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static ConversationChange? ReadOne(ref WireReader reader)
    {
        byte type = reader.U8();
        switch (type)
        {
            case 1:
                return new ConversationChange.Restored(reader.U64(), reader.U64(), reader.U64());
            case 2:
                return new ConversationChange.SessionMoved(reader.Opaque32(SessionMaxBytes).ToArray());
            case 3:
                return new ConversationChange.Sealed(
                    IdWire.ReadId(ref reader),
                    (EnvelopeKind)reader.U8(),
                    reader.U64(),
                    reader.U64(),
                    reader.Opaque32(BlobMaxBytes).ToArray());
            case 4:
                return new ConversationChange.Accepted(IdWire.ReadId(ref reader), (long)reader.U64());
            case 5:
                return new ConversationChange.PeerAcknowledged(reader.U64());
            case 6:
                return new ConversationChange.Arrived(new InboxItem(
                    IdWire.ReadId(ref reader),
                    (EnvelopeKind)reader.U8(),
                    reader.U64(),
                    reader.U64(),
                    reader.Opaque32(Envelope.BodyMaxBytes).ToArray()));
            case 7:
                return new ConversationChange.Marked(reader.U64());
            case 8:
                return new ConversationChange.PrekeysSpent(ReadSpent(ref reader));
            case 9:
                return new ConversationChange.PrekeysForgotten();
            default:
                return null;
        }
    }

    private static void WriteSpent(SpentPrekeys spent, WireWriter writer)
    {
        WriteOptional(spent.OneTimeId, writer);
        WriteOptional(spent.KemId, writer);
        WriteOptional(spent.LastResort?.KemPrekeyId, writer);
        if (spent.LastResort is not null)
        {
            writer.Fixed(spent.LastResort.EphemeralKey.Span);
        }
    }

    private static SpentPrekeys ReadSpent(ref WireReader reader)
    {
        uint? oneTimeId = ReadOptional(ref reader);
        uint? kemId = ReadOptional(ref reader);
        uint? lastResortId = ReadOptional(ref reader);
        LastResortUse? lastResort = lastResortId is null
            ? null
            : new LastResortUse(lastResortId.Value, reader.Fixed(X25519.KeySize).ToArray());
        return new SpentPrekeys(oneTimeId, kemId, lastResort);
    }

    private static void WriteOptional(uint? value, WireWriter writer)
    {
        writer.Flag(value is not null);
        if (value is not null)
        {
            writer.U32(value.Value);
        }
    }

    private static uint? ReadOptional(ref WireReader reader) => reader.Flag() ? reader.U32() : null;
}
