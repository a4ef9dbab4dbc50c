using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Recovery;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Replicas;

/// <summary>
/// A replica of the control log: Simplex with certificates that are pulled instead of sent by leaders. It turns inputs
/// into effects and does nothing itself; the same inputs give the same effects everywhere. The rules and why they are
/// safe: docs/specs/consensus.md. Not safe for use by two threads at once.
/// </summary>
/// <standard>B. Y. Chan, R. Pass: Simplex Consensus: A Simple and Fast Consensus Protocol; eprint 2023/463.</standard>
public sealed class Replica
{
    private readonly ReplicaState _state;

    private Replica(ReplicaState state) => _state = state;

    /// <summary>The validators of the current epoch; under their keys the host verifies.</summary>
    public ValidatorSet Validators => _state.Validators;

    /// <summary>The current epoch.</summary>
    public Epoch Epoch => _state.Epoch;

    /// <summary>The current view.</summary>
    public View View => _state.View;

    /// <summary>Who may propose in the current view.</summary>
    public NodeId Leader => _state.Validators[_state.Validators.LeaderOf(_state.View)].Node;

    /// <summary>Whether this node votes in the current epoch.</summary>
    public bool IsVoting => _state.IsVoting;

    /// <summary>The height up to which all is final.</summary>
    public Height FinalHeight => _state.Tree.Root.Header.Height;

    /// <summary>The digest of the last final block.</summary>
    public Digest FinalDigest => _state.Tree.Root.Digest;

    /// <summary>The ledger after the last final block; at an epoch's beginning the one it begins with.</summary>
    public Ledger FinalLedger => _state.Final;

    /// <summary>
    /// The highest view of the epoch in which this replica cast a finalize, 0 for none. Whoever asks a quorum, waits
    /// for the finality of the highest one, and then reads, reads what was answered before it asked.
    /// </summary>
    public View FinalizeCast => _state.FinalizeCast;

    /// <summary>How many groups of commands wait.</summary>
    public int WaitingGroups => _state.Pool.Count;

    /// <summary>How many blocks are kept that are not final, and how many views are known; both stay small.</summary>
    public (int Blocks, int Views) Held => (_state.Tree.Count, _state.Views.Count);

    /// <summary>Makes a replica that finds again what was durable, or begins if nothing was.</summary>
    /// <param name="options">Who this node is.</param>
    /// <param name="foundation">The latest snapshot, or the genesis.</param>
    /// <param name="records">
    /// All records in their order, those from before the snapshot too if they are still there.
    /// </param>
    /// <exception cref="InvalidOperationException">The records contradict each other.</exception>
    public static Replica Recover(ReplicaOptions options, Foundation foundation, IEnumerable<WalRecord> records)
    {
        var state = new ReplicaState(options, foundation);
        Recovering.Replay(state, records);
        return new Replica(state);
    }

    /// <summary>
    /// The first step: commits again what the records made final, which the host may know already; says again the
    /// latest votes; sets the timers.
    /// </summary>
    /// <param name="nowTicks">The time, UTC ticks.</param>
    /// <returns>What to do, in this order.</returns>
    public IReadOnlyList<Effect> Start(long nowTicks)
    {
        _state.Now = nowTicks;
        Recovering.Resay(_state);
        _state.Outbox.Add(new Effect.Broadcast(CatchingUp.StatusOf(_state, isAnswer: false)));
        return Finish();
    }

    /// <summary>Reacts to one input.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="nowTicks">The time, UTC ticks; it may jump.</param>
    /// <returns>What to do, in this order.</returns>
    /// <exception cref="InvalidOperationException">
    /// An invariant is broken: more than f validators are Byzantine, or there is a bug. The replica must not go on.
    /// </exception>
    public IReadOnlyList<Effect> Step(Input input, long nowTicks)
    {
        _state.Now = nowTicks;
        switch (input)
        {
            case Input.VerifiedMessage message:
                Receive(message.From, message.Message);
                break;
            case Input.OwnVoteSigned own:
                TakeOwn(own.Vote);
                break;
            case Input.TimerFired timer:
                if (_state.Outbox.TryEndTimer(timer.Kind, timer.Generation))
                {
                    Waiting.Fired(_state, timer.Kind);
                }

                break;
            case Input.GroupVerified group:
                if (_state.Pool.TryAdd(group.Group, isOwn: true, _state.Final))
                {
                    _state.Outbox.Add(new Effect.Broadcast(new Message.Submit(group.Group)));
                }

                break;
            case Input.PeerConnected peer:
                _state.Outbox.Add(new Effect.Send(peer.Node, CatchingUp.StatusOf(_state, isAnswer: false)));
                break;
            case Input.PeerJudged { IsGone: true } peer:
                _state.Gone.Add(peer.Node);
                break;
            case Input.PeerJudged peer:
                _state.Gone.Remove(peer.Node);
                break;
            case Input.OtherEpochSeen seen:
                CatchingUp.Take(_state, seen);
                break;
            case Input.SnapshotVerified snapshot:
                Epochs.Adopt(_state, snapshot.Snapshot);
                break;
        }

        return Finish();
    }

    /// <summary>
    /// The records that, after a snapshot of the last final block, are all that a start needs; older ones may go.
    /// </summary>
    public IReadOnlyList<WalRecord> LiveRecords() => Recovering.LiveRecords(_state);

    private void Receive(NodeId from, Message message)
    {
        switch (message)
        {
            case Message.Propose m:
                Proposing.Take(_state, m);
                break;
            case Message.VoteCast m:
                Counting.Count(_state, m.Vote);
                break;
            case Message.Have m:
                Forwarding.Heard(_state, from, m);
                break;
            case Message.Pull m:
                Forwarding.Serve(_state, from, m);
                break;
            case Message.PullViews m:
                Forwarding.Serve(_state, from, m);
                break;
            case Message.Certificates m:
                // The highest views stand first: each shows what the next one is good for.
                foreach (Certificate certificate in m.Items)
                {
                    Counting.Take(_state, certificate);
                }

                break;
            case Message.PullBlock m:
                Forwarding.Serve(_state, from, m);
                break;
            case Message.BlockFound m:
                Forwarding.Take(_state, m);
                break;
            case Message.PullProposal m:
                Forwarding.Serve(_state, from, m);
                break;
            case Message.Status m:
                CatchingUp.Take(_state, from, m);
                break;
            case Message.PullFinal m:
                _state.Outbox.Add(new Effect.ServeFinal(from, m.From));
                break;
            case Message.FinalBlocks m:
                CatchingUp.Take(_state, m);
                break;
            case Message.Submit m:
                _state.Pool.TryAdd(m.Group, isOwn: false, _state.Final);
                break;
        }
    }

    private void TakeOwn(Vote vote)
    {
        // A vote of an epoch that ended meanwhile no longer counts.
        if (vote.Ballot.Epoch != _state.Epoch || vote.Voter != _state.Self || !_state.IsVoting)
        {
            return;
        }

        if (vote.Ballot.Kind == BallotKind.Propose)
        {
            Proposing.TakeOwn(_state, vote);
            return;
        }

        Counting.Count(_state, vote);
    }

    private IReadOnlyList<Effect> Finish()
    {
        Height before = FinalHeight;
        bool hasChanged;
        do
        {
            hasChanged = Committing.TryCommit(_state);
            hasChanged |= Viewing.TryAdvance(_state);
            hasChanged |= Proposing.TryPropose(_state);
            hasChanged |= Voting.TryVote(_state);
        }
        while (hasChanged);

        if (FinalHeight > before)
        {
            CatchingUp.PullOn(_state);
        }

        Waiting.Arrange(_state);
        return _state.Outbox.Take();
    }
}
