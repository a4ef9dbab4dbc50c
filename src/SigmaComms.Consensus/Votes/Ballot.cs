using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Votes;

/// <summary>What a vote says, without who says it. Byte table: docs/formats/control-log.md.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Epoch">The epoch whose validators it counts among.</param>
/// <param name="View">The view; of a bundle the one that is finalized.</param>
/// <param name="Block">The block's digest; of a nullify the default.</param>
/// <param name="NextBlock">Of a bundle the digest that is notarized in the next view, else the default.</param>
/// <param name="Since">
/// Of a nullify, 1 to <paramref name="View"/>: the voter holds proof that every view from this one up to the one before
/// <paramref name="View"/> is nullified. Else the default.
/// </param>
public readonly record struct Ballot(
    BallotKind Kind, Epoch Epoch, View View, Digest Block, Digest NextBlock = default, View Since = default)
{
    /// <summary>Most bytes of an encoded ballot: 81.</summary>
    public const int EncodedSizeMax = 1 + 8 + 8 + (2 * Digest.SizeBytes);

    private static readonly byte[] ContextPrefix = Encoding.ASCII.GetBytes("SigmaComms control log v1");

    /// <summary>Proposes a block.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view.</param>
    /// <param name="block">The block.</param>
    public static Ballot Propose(Epoch epoch, View view, Digest block) => new(BallotKind.Propose, epoch, view, block);

    /// <summary>Notarizes a block.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view.</param>
    /// <param name="block">The block.</param>
    public static Ballot Notarize(Epoch epoch, View view, Digest block) => new(BallotKind.Notarize, epoch, view, block);

    /// <summary>Gives a view up and says nothing of those before it.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view.</param>
    public static Ballot Nullify(Epoch epoch, View view) => Nullify(epoch, view, since: view);

    /// <summary>Gives a view up, after a run of views that are nullified.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view.</param>
    /// <param name="since">The first view of the run; the view itself if there is none.</param>
    public static Ballot Nullify(Epoch epoch, View view, View since) =>
        new(BallotKind.Nullify, epoch, view, default, default, since);

    /// <summary>Finalizes a block.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view.</param>
    /// <param name="block">The block.</param>
    public static Ballot Finalize(Epoch epoch, View view, Digest block) => new(BallotKind.Finalize, epoch, view, block);

    /// <summary>Finalizes a block and notarizes the next view's.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="view">The view that is finalized.</param>
    /// <param name="block">The block that is finalized.</param>
    /// <param name="nextBlock">The block that is notarized in the view after it.</param>
    public static Ballot Bundle(Epoch epoch, View view, Digest block, Digest nextBlock) =>
        new(BallotKind.Bundle, epoch, view, block, nextBlock);

    /// <summary>Whether it counts as a notarization of a block in a view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="block">The block.</param>
    /// <returns>False if it notarizes nothing.</returns>
    public bool Notarizes(out View view, out Digest block)
    {
        bool isBundle = Kind == BallotKind.Bundle;
        view = isBundle ? View.Next : View;
        block = isBundle ? NextBlock : Block;
        return isBundle || Kind == BallotKind.Notarize;
    }

    /// <summary>Whether it counts as a finalize of <see cref="Block"/> in <see cref="View"/>.</summary>
    public bool Finalizes => Kind is BallotKind.Finalize or BallotKind.Bundle;

    /// <summary>The signature's context: binds the cluster, the epoch and the kind. 66 bytes.</summary>
    /// <param name="cluster">The cluster's id.</param>
    public byte[] SignatureContext(Digest cluster) => new WireWriter(ContextPrefix.Length + 41)
        .Fixed(ContextPrefix).Digest(cluster).U64(Epoch.Value).U8((byte)Kind).ToArray();

    /// <summary>What is signed under <see cref="SignatureContext"/>.</summary>
    /// <param name="incarnation">The voter's incarnation.</param>
    public byte[] SignedMessage(uint incarnation)
    {
        WireWriter writer = new WireWriter(EncodedSizeMax).U64(View.Value).U32(incarnation);
        WriteRest(writer);
        return writer.ToArray();
    }

    /// <summary>Writes the ballot.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.U8((byte)Kind).U64(Epoch.Value).U64(View.Value);
        WriteRest(writer);
    }

    /// <summary>Reads a ballot; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    public static Ballot Read(ref WireReader reader)
    {
        var kind = (BallotKind)reader.U8();
        var epoch = new Epoch(reader.U64());
        var view = new View(reader.U64());
        if (kind is < BallotKind.Propose or > BallotKind.Bundle || view.Value is 0 or ulong.MaxValue)
        {
            reader.Fail();
        }

        bool isNullify = kind == BallotKind.Nullify;
        Digest block = isNullify ? default : reader.Digest();
        Digest next = kind == BallotKind.Bundle ? reader.Digest() : default;
        var since = new View(isNullify ? reader.U64() : 0);
        if (isNullify && (since.Value == 0 || since > view))
        {
            reader.Fail();
        }

        return new Ballot(kind, epoch, view, block, next, since);
    }

    private void WriteRest(WireWriter writer)
    {
        if (Kind == BallotKind.Nullify)
        {
            writer.U64(Since.Value);
            return;
        }

        writer.Digest(Block);

        if (Kind == BallotKind.Bundle)
        {
            writer.Digest(NextBlock);
        }
    }
}
