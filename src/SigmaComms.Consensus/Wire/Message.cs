using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Wire;

/// <summary>What replicas send each other. <see cref="MessageCodec"/> makes bytes of it.</summary>
public abstract record Message
{
    private Message()
    {
    }

    /// <summary>A leader's block. To verify: the leader's signature, and every group's.</summary>
    /// <param name="Vote">The leader's ballot of kind propose.</param>
    /// <param name="Block">The block that it names.</param>
    public sealed record Propose(Vote Vote, Block Block) : Message;

    /// <summary>A vote. To verify: its signature.</summary>
    /// <param name="Vote">Any kind but propose.</param>
    public sealed record VoteCast(Vote Vote) : Message;

    /// <summary>The sender left a view by this certificate; whoever misses votes of it may pull them.</summary>
    /// <param name="Kind">Notarize, nullify or finalize.</param>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="View">The view.</param>
    /// <param name="Block">The block; of a nullification the default.</param>
    /// <param name="Voters">A bit for each vote that the sender holds.</param>
    public sealed record Have(BallotKind Kind, Epoch Epoch, View View, Digest Block, ulong Voters) : Message;

    /// <summary>Asks for votes. Answer: <see cref="Certificates"/>.</summary>
    /// <param name="Kind">Notarize, nullify or finalize.</param>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="View">The view.</param>
    /// <param name="Block">The block; of a nullification the default.</param>
    /// <param name="Missing">A bit for each vote that is wanted.</param>
    public sealed record Pull(BallotKind Kind, Epoch Epoch, View View, Digest Block, ulong Missing) : Message;

    /// <summary>Asks for the certificates of views. Answer: <see cref="Certificates"/>.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="First">The first view.</param>
    /// <param name="Last">The last view, at most 15 after the first.</param>
    public sealed record PullViews(Epoch Epoch, View First, View Last) : Message;

    /// <summary>Votes by view, whole certificates or parts. To verify: every signature.</summary>
    /// <param name="Items">1 to 32.</param>
    public sealed record Certificates(IReadOnlyList<Certificate> Items) : Message;

    /// <summary>Asks for a block that is not final yet. Answer: <see cref="BlockFound"/>.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Block">The block's digest.</param>
    public sealed record PullBlock(Epoch Epoch, Digest Block) : Message;

    /// <summary>A block that was asked for. To verify: every group's signature.</summary>
    /// <param name="Block">The block.</param>
    public sealed record BlockFound(Block Block) : Message;

    /// <summary>Where the sender stands.</summary>
    /// <param name="Epoch">Its epoch.</param>
    /// <param name="View">Its view.</param>
    /// <param name="Height">The height up to which it has all blocks final.</param>
    /// <param name="Final">The digest of the block at that height.</param>
    /// <param name="FinalizeCast">The highest view of the epoch in which it cast a finalize; 0 for none.</param>
    /// <param name="IsAnswer">Whether it answers a status, so that it is not answered itself.</param>
    public sealed record Status(
        Epoch Epoch, View View, Height Height, Digest Final, View FinalizeCast, bool IsAnswer) : Message;

    /// <summary>Asks for final blocks. Answer: <see cref="FinalBlocks"/>.</summary>
    /// <param name="From">The first height that is wanted.</param>
    public sealed record PullFinal(Height From) : Message;

    /// <summary>Blocks in a row. To verify: every signature of the proof's certificate, and every group's.</summary>
    /// <param name="Blocks">1 to 1,024, ascending, of one epoch.</param>
    /// <param name="Proof">Shows that the last one is final, and so are all before it.</param>
    public sealed record FinalBlocks(IReadOnlyList<Block> Blocks, FinalityProof Proof) : Message;

    /// <summary>
    /// Asks the leader of the current view, or who heard it, for its proposal. Answer: <see cref="Propose"/> as the
    /// leader signed it.
    /// </summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="View">The view.</param>
    public sealed record PullProposal(Epoch Epoch, View View) : Message;

    /// <summary>Commands that wait. To verify: the group's signature.</summary>
    /// <param name="Group">The commands.</param>
    public sealed record Submit(CommandGroup Group) : Message;
}
