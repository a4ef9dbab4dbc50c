using System.Collections.Immutable;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>What the log remembers of a client, so that each of its commands is executed once. Immutable.</summary>
internal sealed class Session : IMerkleValue
{
    /// <summary>How far below the last number a command may still come: 63.</summary>
    public const int WindowBits = 64;

    /// <summary>Commands that are remembered with their replies: 16.</summary>
    public const int RepliesMax = 16;

    private const int LabelAndOverheadSize = 128;

    /// <summary>Takes over the parts.</summary>
    public Session(
        Digest client, NodeId owner, ulong last, ulong window, long lastUsed, ImmutableArray<SessionReply> replies)
    {
        Client = client;
        Owner = owner;
        Last = last;
        Window = window;
        LastUsed = lastUsed;
        Replies = replies;
    }

    /// <summary>The session's id, chosen by the client.</summary>
    public Digest Client { get; }

    /// <summary>Who signed its first command; nobody else's count.</summary>
    public NodeId Owner { get; }

    /// <summary>The highest number that was executed.</summary>
    public ulong Last { get; }

    /// <summary>Bit i: number <see cref="Last"/> - i was executed.</summary>
    public ulong Window { get; }

    /// <summary>Time of the last block that executed one of its commands, or when that was issued if later.</summary>
    public long LastUsed { get; }

    /// <summary>The commands executed last, the oldest first.</summary>
    public ImmutableArray<SessionReply> Replies { get; }

    private static ReadOnlySpan<byte> Label => "session"u8;

    /// <summary>Whether the number was executed, or is too old to know.</summary>
    public bool IsDone(ulong sequence) =>
        sequence <= Last && (Last - sequence >= WindowBits || (Window & (1UL << (int)(Last - sequence))) != 0);

    /// <summary>What to answer to a number that is done.</summary>
    public (CommandOutcome Outcome, ReadOnlyMemory<byte> Reply) Answer(ulong sequence, Digest command)
    {
        if (Last - sequence >= WindowBits)
        {
            return (CommandOutcome.SequenceTooOld, default);
        }

        foreach (SessionReply known in Replies)
        {
            if (known.Sequence != sequence)
            {
                continue;
            }

            if (known.Command != command)
            {
                return (CommandOutcome.SequenceReused, default);
            }

            return (known.IsKept ? CommandOutcome.Repeated : CommandOutcome.ReplyForgotten, known.Reply);
        }

        return (CommandOutcome.ReplyForgotten, default);
    }

    /// <summary>The session after a command whose number was not done.</summary>
    public Session After(SessionReply executed, long usedAt)
    {
        Invariant.Holds(!IsDone(executed.Sequence));
        bool isAhead = executed.Sequence > Last;
        ulong distance = isAhead ? executed.Sequence - Last : Last - executed.Sequence;
        ulong window = isAhead
            ? (distance >= WindowBits ? 0 : Window << (int)distance) | 1
            : Window | (1UL << (int)distance);
        return new Session(
            Client, Owner, isAhead ? executed.Sequence : Last, window, Math.Max(LastUsed, usedAt), Remember(executed));
    }

    /// <inheritdoc/>
    public Digest ComputeDigest()
    {
        WireWriter writer = new(LabelAndOverheadSize + (RepliesMax * 96));
        WriteTo(writer);
        return DigestOf(writer.Written);
    }

    /// <summary>The digest of a session by its encoding.</summary>
    public static Digest DigestOf(ReadOnlySpan<byte> encoded) => Digest.Sha256(
        new WireWriter(LabelAndOverheadSize + encoded.Length).Opaque8(Label).Fixed(encoded).Written);

    /// <summary>Writes the session.</summary>
    public void WriteTo(WireWriter writer)
    {
        writer.Digest(Client).Digest(Owner.Value).U64(Last).U64(Window).U64((ulong)LastUsed).U8((byte)Replies.Length);
        foreach (SessionReply reply in Replies)
        {
            reply.WriteTo(writer);
        }
    }

    /// <summary>Reads a session; the reader fails if there is none.</summary>
    public static Session Read(ref WireReader reader)
    {
        Digest client = reader.Digest();
        NodeId owner = new(reader.Digest());
        ulong last = reader.U64();
        ulong window = reader.U64();
        ulong lastUsed = reader.U64();
        int count = reader.U8();
        if (last == 0 || (window & 1) == 0 || lastUsed > long.MaxValue || count is 0 or > RepliesMax)
        {
            reader.Fail();
        }

        var replies = ImmutableArray.CreateBuilder<SessionReply>();
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            replies.Add(SessionReply.Read(ref reader));
        }

        return new Session(client, owner, last, window, (long)(lastUsed & long.MaxValue), replies.ToImmutable());
    }

    // The newest reply always stays whole; older ones are shortened until all kept bytes are within the limit.
    private ImmutableArray<SessionReply> Remember(SessionReply executed)
    {
        int skipped = Replies.Length == RepliesMax ? 1 : 0;
        var replies = new SessionReply[Replies.Length - skipped + 1];
        Replies.AsSpan()[skipped..].CopyTo(replies);
        replies[^1] = executed;
        int kept = 0;
        for (int i = replies.Length - 1; i >= 0; i--)
        {
            kept += replies[i].KeptBytes;
            replies[i] = kept > SessionReply.SizeMax ? replies[i].Shorten() : replies[i];
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(replies);
    }
}
