using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>
/// Says which voting keys are needed no more: those of epochs that ended some time ago, and all of them once the node
/// votes no more. Whoever stole such keys of enough validators could sign another end of an old epoch for those who
/// begin with the first. For the replica's actor.
/// </summary>
internal sealed class KeyEraser(ControlDesk desk)
{
    /// <summary>Blocks of the new epoch after which the old epoch's key is erased.</summary>
    private const ulong KeptBlocks = 64;

    private ulong _epochHeight;
    private bool _hasVoted;
    private bool _isDone;

    /// <summary>The replica opened, or an epoch began.</summary>
    /// <param name="height">The last final block.</param>
    public void Begin(Height height) => (_epochHeight, _isDone) = (height.Value, false);

    /// <summary>Looks at what the log says of this node, and has keys erased on disk and in memory.</summary>
    public void Look(Replica replica, VoterDesk voter, IActorRef disk, IActorRef signer)
    {
        _hasVoted |= replica.IsVoting;
        if (_isDone)
        {
            return;
        }

        if (IsOut(replica))
        {
            _isDone = true;
            voter.Forget();
            signer.Tell(new UseKey(null));
            disk.Tell(new DiskActor.EraseKeys(default));
        }
        else if (replica.IsVoting && replica.FinalHeight.Value >= _epochHeight + KeptBlocks
            && replica.Validators.TryIndexOf(desk.Node.Self, out int self))
        {
            _isDone = true;
            disk.Tell(new DiskActor.EraseKeys(replica.Validators[self].VotingKey));
        }
    }

    // The epoch in which it voted has ended for good: that block is final. Who was never a member may be admitted yet,
    // and who is behind may have been admitted again.
    private bool IsOut(Replica replica)
    {
        Member? member = desk.Board.Reading.Lag == 0 && !replica.Validators.TryIndexOf(desk.Node.Self, out _)
            ? (replica.FinalLedger.StateOf(MachineIds.Membership) as MembershipState)?.Find(desk.Node.Self)
            : null;
        return member is { State: MemberState.Evicted or MemberState.Draining }
            || (member is { Place.IsValidator: false } && _hasVoted);
    }
}
