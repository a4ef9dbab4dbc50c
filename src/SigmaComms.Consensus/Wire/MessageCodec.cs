using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Wire;

/// <summary>The bytes of messages: u8 number | fields. Byte table: docs/formats/control-log.md.</summary>
public static class MessageCodec
{
    /// <summary>The most bytes of a message: 1,048,576.</summary>
    public const int SizeMax = 1024 * 1024;

    /// <summary>The most certificates of one message: 32.</summary>
    public const int CertificatesMax = 32;

    /// <summary>The most blocks of one message: 1,024.</summary>
    public const int BlocksMax = 1_024;

    /// <summary>The most views of one <see cref="Message.PullViews"/>: 16.</summary>
    public const int ViewsMax = 16;

    /// <summary>Encodes a message.</summary>
    /// <param name="message">What to send.</param>
    public static byte[] Encode(Message message)
    {
        var writer = new WireWriter();
        Write(writer, message);
        Invariant.Holds(writer.Length <= SizeMax);
        return writer.ToArray();
    }

    /// <summary>Reads a message. Never throws.</summary>
    /// <param name="bytes">Untrusted bytes; the message keeps parts of them.</param>
    /// <param name="message">The message, or null.</param>
    /// <returns>False if the bytes are not one message in its one form and within the limits.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (bytes.Length > SizeMax)
        {
            return false;
        }

        var reader = new WireReader(bytes.Span);
        Message? read = Read(ref reader, bytes);
        message = reader.AtEnd ? read : null;
        return message is not null;
    }

    private static void Write(WireWriter writer, Message message)
    {
        switch (message)
        {
            case Message.Propose m:
                writer.U8((byte)MessageId.Propose);
                m.Vote.WriteTo(writer);
                m.Block.WriteTo(writer);
                break;
            case Message.VoteCast m:
                writer.U8((byte)MessageId.VoteCast);
                m.Vote.WriteTo(writer);
                break;
            case Message.Have m:
                writer.U8((byte)MessageId.Have);
                WriteSet(writer, m.Kind, m.Epoch, m.View, m.Block, m.Voters);
                break;
            case Message.Pull m:
                writer.U8((byte)MessageId.Pull);
                WriteSet(writer, m.Kind, m.Epoch, m.View, m.Block, m.Missing);
                break;
            case Message.PullViews m:
                writer.U8((byte)MessageId.PullViews).U64(m.Epoch.Value).U64(m.First.Value).U64(m.Last.Value);
                break;
            case Message.Certificates m:
                WriteCertificates(writer, m.Items);
                break;
            case Message.PullBlock m:
                writer.U8((byte)MessageId.PullBlock).U64(m.Epoch.Value).Digest(m.Block);
                break;
            case Message.BlockFound m:
                writer.U8((byte)MessageId.BlockFound);
                m.Block.WriteTo(writer);
                break;
            case Message.Status m:
                writer.U8((byte)MessageId.Status).U64(m.Epoch.Value).U64(m.View.Value).U64(m.Height.Value)
                    .Digest(m.Final).U64(m.FinalizeCast.Value).Flag(m.IsAnswer);
                break;
            case Message.PullFinal m:
                writer.U8((byte)MessageId.PullFinal).U64(m.From.Value);
                break;
            case Message.FinalBlocks m:
                WriteFinalBlocks(writer, m);
                break;
            case Message.PullProposal m:
                writer.U8((byte)MessageId.PullProposal).U64(m.Epoch.Value).U64(m.View.Value);
                break;
            case Message.Submit m:
                writer.U8((byte)MessageId.Submit).Fixed(m.Group.Encoded.Span);
                break;
            default:
                throw new ArgumentException("Not a message of the control log.", nameof(message));
        }
    }

    private static Message? Read(ref WireReader reader, ReadOnlyMemory<byte> bytes) => (MessageId)reader.U8() switch
    {
        MessageId.Propose => ReadPropose(ref reader, bytes),
        MessageId.VoteCast => ReadVote(ref reader),
        MessageId.Have => ReadHave(ref reader),
        MessageId.Pull => ReadPull(ref reader),
        MessageId.PullViews => ReadPullViews(ref reader),
        MessageId.Certificates => ReadCertificates(ref reader),
        MessageId.PullBlock => new Message.PullBlock(new Epoch(reader.U64()), reader.Digest()),
        MessageId.BlockFound => Block.TryRead(ref reader, bytes, out Block? block)
            ? new Message.BlockFound(block) : null,
        MessageId.Status => new Message.Status(
            new Epoch(reader.U64()), new View(reader.U64()), new Height(reader.U64()), reader.Digest(),
            new View(reader.U64()), reader.Flag()),
        MessageId.PullFinal => new Message.PullFinal(new Height(reader.U64())),
        MessageId.FinalBlocks => ReadFinalBlocks(ref reader, bytes),
        MessageId.PullProposal => new Message.PullProposal(new Epoch(reader.U64()), new View(reader.U64())),
        MessageId.Submit => CommandGroup.TryDecode(bytes[^reader.Rest().Length..], out CommandGroup? group)
            ? new Message.Submit(group) : null,
        _ => null,
    };

    private static void WriteSet(
        WireWriter writer, BallotKind kind, Epoch epoch, View view, Digest block, ulong voters)
    {
        writer.U8((byte)kind).U64(epoch.Value).U64(view.Value);
        if (kind != BallotKind.Nullify)
        {
            writer.Digest(block);
        }

        writer.U64(voters);
    }

    private static void WriteCertificates(WireWriter writer, IReadOnlyList<Certificate> items)
    {
        Invariant.Holds(items.Count is > 0 and <= CertificatesMax);
        writer.U8((byte)MessageId.Certificates).U8((byte)items.Count);
        foreach (Certificate item in items)
        {
            item.WriteTo(writer);
        }
    }

    private static void WriteFinalBlocks(WireWriter writer, Message.FinalBlocks message)
    {
        Invariant.Holds(message.Blocks.Count is > 0 and <= BlocksMax);
        writer.U8((byte)MessageId.FinalBlocks).U16((ushort)message.Blocks.Count);
        foreach (Block block in message.Blocks)
        {
            block.WriteTo(writer);
        }

        message.Proof.WriteTo(writer);
    }

    private static Message.Propose? ReadPropose(ref WireReader reader, ReadOnlyMemory<byte> bytes)
    {
        Vote vote = Vote.Read(ref reader);
        bool ok = Block.TryRead(ref reader, bytes, out Block? block) && vote.Ballot.Kind == BallotKind.Propose
            && vote.Ballot.Block == block.Digest && vote.Ballot.Epoch == block.Header.Epoch
            && vote.Ballot.View == block.Header.View;
        return ok ? new Message.Propose(vote, block!) : null;
    }

    private static Message.VoteCast? ReadVote(ref WireReader reader)
    {
        Vote vote = Vote.Read(ref reader);
        return vote.Ballot.Kind == BallotKind.Propose ? null : new Message.VoteCast(vote);
    }

    private static Message.Have? ReadHave(ref WireReader reader)
    {
        BallotKind kind = ReadKind(ref reader);
        var have = new Message.Have(
            kind, new Epoch(reader.U64()), new View(reader.U64()),
            kind == BallotKind.Nullify ? default : reader.Digest(), reader.U64());
        return have.Voters == 0 ? null : have;
    }

    private static Message.Pull? ReadPull(ref WireReader reader)
    {
        BallotKind kind = ReadKind(ref reader);
        var pull = new Message.Pull(
            kind, new Epoch(reader.U64()), new View(reader.U64()),
            kind == BallotKind.Nullify ? default : reader.Digest(), reader.U64());
        return pull.Missing == 0 ? null : pull;
    }

    private static Message.PullViews? ReadPullViews(ref WireReader reader)
    {
        var pull = new Message.PullViews(new Epoch(reader.U64()), new View(reader.U64()), new View(reader.U64()));
        bool ok = pull.First <= pull.Last && pull.Last.Value - pull.First.Value < ViewsMax;
        return ok ? pull : null;
    }

    private static Message.Certificates? ReadCertificates(ref WireReader reader)
    {
        int count = reader.U8();
        if (count is 0 or > CertificatesMax)
        {
            return null;
        }

        var items = new Certificate[count];
        for (int i = 0; i < count; i++)
        {
            if (!Certificate.TryRead(ref reader, out Certificate? item))
            {
                return null;
            }

            items[i] = item;
        }

        return new Message.Certificates(items);
    }

    private static Message.FinalBlocks? ReadFinalBlocks(ref WireReader reader, ReadOnlyMemory<byte> bytes)
    {
        int count = reader.U16();
        if (count is 0 or > BlocksMax)
        {
            return null;
        }

        var blocks = new List<Block>(Math.Min(count, 64));
        for (int i = 0; i < count; i++)
        {
            if (!Block.TryRead(ref reader, bytes, out Block? block))
            {
                return null;
            }

            blocks.Add(block);
        }

        return FinalityProof.TryRead(ref reader, out FinalityProof? proof)
            ? new Message.FinalBlocks(blocks, proof) : null;
    }

    private static BallotKind ReadKind(ref WireReader reader)
    {
        var kind = (BallotKind)reader.U8();
        if (kind is not (BallotKind.Notarize or BallotKind.Nullify or BallotKind.Finalize))
        {
            reader.Fail();
        }

        return kind;
    }
}
