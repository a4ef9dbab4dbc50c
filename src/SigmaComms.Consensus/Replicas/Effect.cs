using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// What the host must do next, in this order; the replica itself does nothing. All <see cref="Persist"/> of a turn must
/// be durable, by one flush, before anything of the turn leaves the node.
/// </summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Make the record durable.</summary>
    /// <param name="Record">The record.</param>
    public sealed record Persist(WalRecord Record) : Effect;

    /// <summary>
    /// Sign the ballot, unless the vote guard objects; send the vote to all other validators of the epoch; give it
    /// back as <see cref="Input.OwnVoteSigned"/>.
    /// </summary>
    /// <param name="Ballot">The ballot; its record is persisted before.</param>
    public sealed record SignAndBroadcast(Ballot Ballot) : Effect;

    /// <summary>
    /// Sign the ballot of kind propose, unless the vote guard objects, and send <see cref="Message.Propose"/> to all
    /// other validators of the epoch; give the vote back as <see cref="Input.OwnVoteSigned"/>.
    /// </summary>
    /// <param name="Ballot">The ballot; its record is persisted before.</param>
    /// <param name="Block">The block that it names.</param>
    public sealed record SignAndPropose(Ballot Ballot, Block Block) : Effect;

    /// <summary>Send to all other validators of the epoch.</summary>
    /// <param name="Message">The message.</param>
    public sealed record Broadcast(Message Message) : Effect;

    /// <summary>Send to one node, validator or not.</summary>
    /// <param name="To">The node.</param>
    /// <param name="Message">The message.</param>
    public sealed record Send(NodeId To, Message Message) : Effect;

    /// <summary>Set the timer, instead of the one of its kind that may run.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Generation">Comes back with <see cref="Input.TimerFired"/>.</param>
    /// <param name="After">How long from now, by a clock that nobody sets.</param>
    public sealed record SetTimer(TimerKind Kind, ulong Generation, TimeSpan After) : Effect;

    /// <summary>Blocks are final: store them, answer their clients, publish the state.</summary>
    /// <param name="Blocks">At least one, ascending, each with what it did.</param>
    /// <param name="Proof">Shows that the last one is final.</param>
    public sealed record Commit(IReadOnlyList<CommittedBlock> Blocks, FinalityProof Proof) : Effect;

    /// <summary>From now on votes count among other validators, and own votes need the key of this epoch.</summary>
    /// <param name="Validators">The epoch's validators.</param>
    public sealed record EpochBegan(ValidatorSet Validators) : Effect;

    /// <summary>Have a validator's misbehaviour ordered as a command.</summary>
    /// <param name="Accusation">What it did.</param>
    public sealed record Accuse(Accusation Accusation) : Effect;

    /// <summary>
    /// Answer with <see cref="Message.FinalBlocks"/> of one epoch from the block store, or with a snapshot.
    /// </summary>
    /// <param name="To">The node that asks.</param>
    /// <param name="From">The first height it wants.</param>
    public sealed record ServeFinal(NodeId To, Height From) : Effect;
}
