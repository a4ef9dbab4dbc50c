using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>
/// Says that this node is ready once it has caught up, and sees to it that it can vote, if it is to: if its memory or
/// key is lost it announces a new key under a new incarnation; and in every epoch it announces the next epoch's key, so
/// that the old one can be erased. For the replica's actor.
/// </summary>
internal sealed class VoterDesk(ControlDesk desk)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<Digest> _usable = [];
    private VotingKeyClaim? _announced;
    private Epoch _epoch;
    private TimeSpan _since;
    private bool _isBusy;

    /// <summary>The disk is open.</summary>
    /// <param name="usable">The keys with which this node may vote, once they are registered.</param>
    public void Begin(IEnumerable<Digest> usable)
    {
        _usable.UnionWith(usable);
        _since = desk.Node.Now;
    }

    /// <summary>All keys are erased: if this node is to vote again, it needs a new one.</summary>
    public void Forget()
    {
        _usable.Clear();
        _announced = null;
    }

    /// <summary>Looks at what the log says of this node, and does the next thing if there is one.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="context">The replica's actor.</param>
    /// <param name="disk">Makes keys.</param>
    public void Tick(Replica replica, IActorContext context, IActorRef disk)
    {
        if (replica.Epoch != _epoch)
        {
            (_epoch, _since) = (replica.Epoch, desk.Node.Now);
        }

        if (_isBusy || desk.Board.Reading.Lag > 0 || MemberOf(replica) is not { } member)
        {
            return;
        }

        if (!member.Place.IsValidator)
        {
            // It serves and follows the log; nothing has to be made ready for that.
            OrderReady(member, replica, context);
            return;
        }

        if (member.VotingKey is not { } registered)
        {
            return;
        }

        if (replica.IsVoting)
        {
            bool isDue = desk.Node.Now - _since >= desk.Options.KeyAge && IsInForce(replica, registered);
            Announce(isDue ? registered.Incarnation : 0, registered, replica, context, disk);
        }
        else if (!_usable.Contains(registered.KeyDigest))
        {
            Announce(registered.Incarnation + 1, registered, replica, context, disk);
        }
        else
        {
            OrderReady(member, replica, context);
        }
    }

    /// <summary>A key is durable: announces it.</summary>
    public void Made(KeyMade made, IActorContext context)
    {
        _usable.Add(made.Claim.KeyDigest);
        _announced = made.Claim;
        Order(new MembershipCommand.AnnounceKey(made.Claim), context);
    }

    /// <summary>A command was answered, or nobody knows; what the log says then decides what is next.</summary>
    public void Answered(VoterAnswered answered)
    {
        _isBusy = false;
        _announced = answered.IsFinal ? null : _announced;
    }

    private Member? MemberOf(Replica replica) =>
        replica.FinalLedger.StateOf(MachineIds.Membership) is MembershipState membership
        && membership.Find(desk.Node.Self) is { State: not MemberState.Evicted } member
            ? member
            : null;

    private bool IsInForce(Replica replica, VotingKeyClaim registered) =>
        replica.Validators.TryIndexOf(desk.Node.Self, out int self)
        && replica.Validators[self].VotingKey.Span.SequenceEqual(registered.Key.Span);

    // A key that nobody decided on yet is announced again: while there is no quorum there must not be ever more keys.
    private void Announce(
        uint incarnation, VotingKeyClaim registered, Replica replica, IActorContext context, IActorRef disk)
    {
        if (incarnation == 0)
        {
            return;
        }

        if (_announced is { } announced && announced.Incarnation == incarnation)
        {
            Order(new MembershipCommand.AnnounceKey(announced), context);
            return;
        }

        List<Digest> needed = [registered.KeyDigest];
        if (replica.Validators.TryIndexOf(desk.Node.Self, out int self))
        {
            needed.Add(Digest.Sha256(replica.Validators[self].VotingKey.Span));
        }

        _isBusy = true;
        disk.Tell(new MakeKey(incarnation, needed), context.Self);
    }

    private void OrderReady(Member member, Replica replica, IActorContext context)
    {
        if (member.State == MemberState.Joining)
        {
            Order(new MembershipCommand.Ready(replica.FinalHeight), context);
        }
    }

    private void Order(MembershipCommand command, IActorContext context)
    {
        _isBusy = true;
        context.PipeToSelf(
            context.Parent.Ask<CommandAnswer>(
                new SubmitCommand(MachineIds.Membership, command.Encode()), Patience, context.StopToken),
            static answer => new VoterAnswered(answer.Verdict == ControlVerdict.Final),
            static _ => new VoterAnswered(IsFinal: false));
    }
}
