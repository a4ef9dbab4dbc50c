using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>The journal events of a mailbox. Numbers are permanent.</summary>
internal static class MailboxEvents
{
    /// <summary>A message was stored.</summary>
    public const uint Stored = 1;

    /// <summary>Messages were acknowledged: they are not wanted again.</summary>
    public const uint Gone = 2;

    /// <summary>A snapshot of the ids that are gone, oldest first.</summary>
    public const uint GoneSnapshot = 3;

    /// <summary>Messages were handed over or expired; they are taken again if somebody brings them.</summary>
    public const uint Left = 4;

    private const byte Version = 1;

    public static NewEvent ForStored(HeldMessage message)
    {
        var writer = new WireWriter(message.Blob.Length + 64);
        writer.Digest(message.Sender.Value).Fixed(message.MessageId.ToArray())
            .U64(message.ExpiresUtcTicks).Fixed(message.Blob.Span);
        return new NewEvent(Stored, Version, writer.WrittenMemory);
    }

    public static NewEvent ForGone(IReadOnlyCollection<Digest16> ids) => new(Gone, Version, Ids(ids));

    public static NewEvent ForLeft(IReadOnlyCollection<Digest16> ids) => new(Left, Version, Ids(ids));

    public static Snapshot SnapshotOfGone(IReadOnlyCollection<Digest16> ids, long sequence) =>
        new(sequence, GoneSnapshot, Version, Ids(ids));

    public static HeldMessage ReadStored(ReadOnlyMemory<byte> payload)
    {
        var reader = new WireReader(payload.Span);
        var sender = new NodeId(reader.Digest());
        ReadOnlySpan<byte> id = reader.Fixed(Digest16.SizeBytes);
        ulong expires = reader.U64();
        int headBytes = payload.Length - reader.Remaining;
        Invariant.Holds(!reader.Failed);
        return new HeldMessage(sender, new Digest16(id), expires, payload[headBytes..]);
    }

    public static IEnumerable<Digest16> ReadIds(ReadOnlyMemory<byte> payload)
    {
        for (int i = 0; i + Digest16.SizeBytes <= payload.Length; i += Digest16.SizeBytes)
        {
            yield return new Digest16(payload.Span.Slice(i, Digest16.SizeBytes));
        }
    }

    private static ReadOnlyMemory<byte> Ids(IReadOnlyCollection<Digest16> ids)
    {
        var writer = new WireWriter(ids.Count * Digest16.SizeBytes);
        foreach (Digest16 id in ids)
        {
            writer.Fixed(id.ToArray());
        }

        return writer.WrittenMemory;
    }
}
