using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>What a replica reacts to. The host has verified all signatures before; the names say so.</summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>
    /// A peer's message. Votes and proposals were verified under the key that <see cref="Replica.Validators"/> has
    /// for their voter; a message of another epoch is not verified and comes as <see cref="OtherEpochSeen"/> instead,
    /// but for <see cref="Message.Status"/>, <see cref="Message.PullFinal"/> and <see cref="Message.Submit"/>.
    /// </summary>
    /// <param name="From">The peer, by its link.</param>
    /// <param name="Message">The message.</param>
    public sealed record VerifiedMessage(NodeId From, Message Message) : Input;

    /// <summary>A ballot of this replica was signed and sent.</summary>
    /// <param name="Vote">The signed vote.</param>
    public sealed record OwnVoteSigned(Vote Vote) : Input;

    /// <summary>A timer ended.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Generation">That of the effect that set it; an older one is ignored.</param>
    public sealed record TimerFired(TimerKind Kind, ulong Generation) : Input;

    /// <summary>This node took commands from a client and verified their signature.</summary>
    /// <param name="Group">The commands; all validators get them.</param>
    public sealed record GroupVerified(CommandGroup Group) : Input;

    /// <summary>A link to a node is up.</summary>
    /// <param name="Node">The node.</param>
    public sealed record PeerConnected(NodeId Node) : Input;

    /// <summary>The failure detector changed its mind about a node.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="IsGone">Whether it is thought to be gone.</param>
    public sealed record PeerJudged(NodeId Node, bool IsGone) : Input;

    /// <summary>A message of an epoch came whose validators this replica does not know.</summary>
    /// <param name="From">The peer, by its link.</param>
    /// <param name="Epoch">The message's epoch.</param>
    public sealed record OtherEpochSeen(NodeId From, Epoch Epoch) : Input;

    /// <summary>
    /// The host fetched a snapshot, verified its finality, and made it durable: what is said after it is recovered only
    /// on top of it.
    /// </summary>
    /// <param name="Snapshot">The state to go on from; ignored if it is not ahead.</param>
    public sealed record SnapshotVerified(Foundation Snapshot) : Input;
}
