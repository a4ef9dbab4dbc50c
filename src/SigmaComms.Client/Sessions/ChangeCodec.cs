using System.Diagnostics;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>Encodes a commit; see docs/formats/conversation-journal.md.</summary>
internal static class ChangeCodec
{
    private const int SessionMaxBytes = 16 * 1024 * 1024;
    private const int BlobMaxBytes = 256 * 1024;

    /// <summary>Encodes the changes one after another.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="sessions">The ratchet after them; null if it did not move.</param>
    /// <returns>Secret bytes: the caller zeroes them.</returns>
    public static byte[] Encode(IEnumerable<ConversationChange> changes, DeviceSessions? sessions)
    {
        byte[] state = sessions?.Export() ?? [];
        var writer = new WireWriter(state.Length + 4096);
        foreach (ConversationChange change in changes)
        {
            Write(change, writer);
        }

        if (sessions is not null)
        {
            Write(new ConversationChange.SessionMoved(state), writer);
            CryptographicOperations.ZeroMemory(state);
        }

        byte[] commit = writer.ToArray();
        writer.Clear();
        return commit;
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
            case ConversationChange.SessionMoved c:
                writer.U8(2).Opaque32(c.State.Span);
                break;
            case ConversationChange.Accepted c:
                writer.U8(4).Id(c.DepositId).U64((ulong)c.UnixMs);
                break;
            case ConversationChange.Marked c:
                writer.U8(7).U64(c.Place);
                break;
            case ConversationChange.PrekeysSpent c:
                WriteSpent(c.Spent, writer.U8(8));
                break;
            case ConversationChange.PrekeysForgotten:
                writer.U8(9);
                break;
            case ConversationChange.Restored c:
                WriteRestored(c, writer.U8(10));
                break;
            case ConversationChange.StreamBegun c:
                writer.U8(11).U64(c.Stream);
                break;
            case ConversationChange.Sealed c:
                writer.U8(12).Id(c.Id).U8((byte)c.Kind).U64(c.Counter).U64(c.SentUnixMs).Opaque32(c.Body.Span);
                WriteCiphertext(c.Ciphertext, writer.U64(c.Acknowledged));
                break;
            case ConversationChange.SealedAgain c:
                WriteCiphertext(c.Ciphertext, writer.U8(13).Id(c.Id).U64(c.Acknowledged));
                break;
            case ConversationChange.Underway c:
                writer.U8(14).Id(c.Id);
                WriteTime(c.AcceptedUnixMs, writer);
                WriteTime(c.ResendUnixMs, writer);
                break;
            case ConversationChange.PeerAcknowledged c:
                writer.U8(15).U64(c.UpTo).U64((ulong)c.UnixMs);
                break;
            case ConversationChange.PeerReported c:
                writer.U8(16).U64(c.Acknowledged).Opaque16(c.Report.Encode()).U64((ulong)c.UnixMs);
                break;
            case ConversationChange.PeerBegan c:
                writer.U8(17).U64(c.Stream).U64(c.Floor);
                break;
            case ConversationChange.PeerSkipped c:
                writer.U8(18).U64(c.Floor);
                break;
            case ConversationChange.Arrived c:
                WriteItem(c.Item, writer.U8(19).U64(c.Stream));
                break;
            case ConversationChange.Kept c:
                WriteItem(c.Item, writer.U8(20));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static ConversationChange? ReadOne(ref WireReader reader) => reader.U8() switch
    {
        2 => new ConversationChange.SessionMoved(reader.Opaque32(SessionMaxBytes).ToArray()),
        4 => new ConversationChange.Accepted(IdWire.ReadId(ref reader), (long)reader.U64()),
        7 => new ConversationChange.Marked(reader.U64()),
        8 => new ConversationChange.PrekeysSpent(ReadSpent(ref reader)),
        9 => new ConversationChange.PrekeysForgotten(),
        10 => ReadRestored(ref reader),
        11 => new ConversationChange.StreamBegun(reader.U64()),
        12 => ReadSealed(ref reader),
        13 => ReadSealedAgain(ref reader),
        14 => new ConversationChange.Underway(IdWire.ReadId(ref reader), ReadTime(ref reader), ReadTime(ref reader)),
        15 => new ConversationChange.PeerAcknowledged(reader.U64(), (long)reader.U64()),
        16 => ReadReported(ref reader),
        17 => new ConversationChange.PeerBegan(reader.U64(), reader.U64()),
        18 => new ConversationChange.PeerSkipped(reader.U64()),
        19 => new ConversationChange.Arrived(reader.U64(), ReadItem(ref reader)),
        20 => new ConversationChange.Kept(ReadItem(ref reader)),
        _ => null,
    };

    private static void WriteRestored(ConversationChange.Restored c, WireWriter writer)
    {
        writer.U64(c.Stream).U64(c.NextSent).U64(c.AcknowledgedToPeer);
        writer.U64(c.Peer.Stream).U64(c.Peer.NextCounter).U64(c.Peer.NextPlace).U8((byte)c.Retired.Count);
        foreach (RetiredStream retired in c.Retired)
        {
            writer.U64(retired.Stream).U64(retired.NextCounter);
        }
    }

    private static ConversationChange.Restored ReadRestored(ref WireReader reader)
    {
        ulong stream = reader.U64();
        ulong nextSent = reader.U64();
        ulong acknowledged = reader.U64();
        var peer = new PeerStream(reader.U64(), reader.U64(), reader.U64());
        var retired = new RetiredStream[reader.U8()];
        for (int i = 0; i < retired.Length; i++)
        {
            retired[i] = new RetiredStream(reader.U64(), reader.U64());
        }

        return new ConversationChange.Restored(stream, nextSent, acknowledged, peer, retired);
    }

    private static ConversationChange.Sealed ReadSealed(ref WireReader reader)
    {
        Digest16 id = IdWire.ReadId(ref reader);
        var kind = (EnvelopeKind)reader.U8();
        ulong counter = reader.U64();
        ulong sentUnixMs = reader.U64();
        byte[] body = reader.Opaque32(Envelope.BodyMaxBytes).ToArray();
        ulong acknowledged = reader.U64();
        return new ConversationChange.Sealed(
            id, kind, counter, sentUnixMs, body, ReadCiphertext(ref reader), acknowledged);
    }

    private static ConversationChange.SealedAgain ReadSealedAgain(ref WireReader reader)
    {
        Digest16 id = IdWire.ReadId(ref reader);
        ulong acknowledged = reader.U64();
        return new ConversationChange.SealedAgain(id, ReadCiphertext(ref reader), acknowledged);
    }

    private static ConversationChange.PeerReported? ReadReported(ref WireReader reader)
    {
        ulong acknowledged = reader.U64();
        bool read = ReceiptReport.TryDecode(reader.Opaque16(), acknowledged, out ReceiptReport? report);
        long unixMs = (long)reader.U64();
        return read ? new ConversationChange.PeerReported(acknowledged, report!, unixMs) : null;
    }

    private static void WriteCiphertext(Ciphertext ciphertext, WireWriter writer) => writer
        .Id(ciphertext.DepositId)
        .U32((uint)ciphertext.Attempt)
        .U64((ulong)ciphertext.UnixMs)
        .Opaque32(ciphertext.Bytes.Span);

    private static Ciphertext ReadCiphertext(ref WireReader reader) => new(
        IdWire.ReadId(ref reader), (int)reader.U32(), (long)reader.U64(), reader.Opaque32(BlobMaxBytes).ToArray());

    private static void WriteItem(InboxItem item, WireWriter writer) => writer
        .Id(item.Id)
        .U8((byte)item.Kind)
        .U64(item.Counter)
        .U64(item.SentUnixMs)
        .U64(item.Place)
        .Opaque32(item.Body.Span);

    private static InboxItem ReadItem(ref WireReader reader)
    {
        Digest16 id = IdWire.ReadId(ref reader);
        var kind = (EnvelopeKind)reader.U8();
        ulong counter = reader.U64();
        ulong sentUnixMs = reader.U64();
        ulong place = reader.U64();
        byte[] body = reader.Opaque32(Envelope.BodyMaxBytes).ToArray();
        return new InboxItem(id, kind, counter, sentUnixMs, body) { Place = place };
    }

    private static void WriteTime(long? unixMs, WireWriter writer)
    {
        writer.Flag(unixMs is not null);
        if (unixMs is not null)
        {
            writer.U64((ulong)unixMs.Value);
        }
    }

    private static long? ReadTime(ref WireReader reader) => reader.Flag() ? (long)reader.U64() : null;

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
