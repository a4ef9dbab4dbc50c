using SigmaComms.Actors;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>
/// Owns the view of the cluster: joins through the seeds, decides who may join and link here, spreads what it
/// verified, keeps it over restarts, and takes notes of who can be reached.
/// </summary>
internal sealed class MembershipActor : ReceiveActor
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LaterRetry = TimeSpan.FromSeconds(2);

    private readonly NodeContext _node;
    private readonly MemberTable _table;
    private readonly MemberStore _store;
    private readonly IdentityProof _proof;
    private readonly JoinJudge _judge;
    private readonly JoinRound _round = new();
    private readonly HashSet<NodeId> _asking = [];
    private readonly Dictionary<NodeId, ParkedJoin> _parked = [];
    private readonly UndecidedMembers _undecided;
    private bool _joined;
    private bool _notKept;
    private int _attempts;

    public MembershipActor(NodeContext node, MemberStore store, NodeAnnouncement announcement)
    {
        _node = node;
        _store = store;
        _proof = new IdentityProof(node);
        _judge = new JoinJudge(node);
        _undecided = new UndecidedMembers(node);
        _table = new MemberTable(
            node.Options.Cluster,
            node.Authority,
            new Member(node.Admission, announcement, MemberState.Up, node.Incarnation));
        Receive<JudgeHello>(OnHello);
        Receive<JudgeJoin>(OnJoin);
        Receive<GossipArrived>(OnGossip);
        Receive<LearnView>(OnLearnView);
        Receive<PeerUp>(OnPeerUp);
        Receive<PeerLost>(OnPeerLost);
        Receive<PeerConfirmed>(OnPeerConfirmed);
        Receive<PeerFigures>(OnFigures);
        Receive<JoinOutcome>(OnJoinOutcome);
        Receive<SeedTick>(_ => AskSeeds());
        Receive<DownTick>(_ => MarkDown());
        Receive<Kept>(OnKept);
    }

    private IEnumerable<SeedNode> OtherSeeds => _node.Options.Seeds.Where(seed => seed.Id != _node.Self);

    private bool IsSeed => _node.Options.Seeds.Count == 0
        || _node.Options.Seeds.Any(seed => seed.Id == _node.Self);

    protected override ValueTask PreStart()
    {
        foreach (MemberCredential credential in _store.Loaded)
        {
            _undecided.TryKeep(
                _table.Learn(credential, _node.Time.GetUtcNow(), _node.Now), credential, _node.Self);
        }

        Publish();
        Context.Timers.StartPeriodic(nameof(DownTick), new DownTick(), TimeSpan.FromSeconds(1));
        AskSeeds();
        return ValueTask.CompletedTask;
    }

    private void AskSeeds()
    {
        foreach (SeedNode seed in Candidates())
        {
            if (_asking.Add(seed.Id))
            {
                // A fresh word for each seed, so that none takes it for a replay.
                NodeAnnouncement word = _proof.Announce();
                _round.NoteAsked();
                Context.PipeToSelf(
                    new JoinAttempt(_node).RunAsync(seed, word, Context.StopToken),
                    outcome => outcome,
                    error => new JoinOutcome(seed, word.Nonce, null, null, error.Message));
            }
        }

        if (_asking.Count == 0)
        {
            AllAnswered();
        }
    }

    private void AllAnswered()
    {
        if (_round.End(_joined, _node.Authority) is { } verdict)
        {
            _node.Fail(verdict);
            return;
        }

        if (IsSeed)
        {
            // The first of all nodes finds nobody: it is the cluster.
            Joined();
        }

        TimeSpan wait = _joined || _attempts++ > 10 ? LaterRetry : FirstRetry;
        Context.Timers.StartSingle(nameof(SeedTick), new SeedTick(), wait * (0.75 + (_node.Fraction() / 2)));
    }

    /// <summary>
    /// While the node is linked with somebody: the seeds it is not linked with. Otherwise, before it joined or when it
    /// lost all: every seed and every member it knows; one of them also tells it if its identity was taken over.
    /// </summary>
    private IEnumerable<SeedNode> Candidates()
    {
        if (_joined && _table.View.UpCount > 1)
        {
            return OtherSeeds.Where(seed => !_table.View.IsUp(seed.Id));
        }

        IEnumerable<SeedNode> known = _table.View.Members.Values
            .Where(member => member.Id != _node.Self)
            .Select(member => new SeedNode(member.Id, member.Announcement.Endpoints[0]));
        return OtherSeeds.Concat(known).DistinctBy(seed => seed.Id);
    }

    private void OnJoinOutcome(JoinOutcome outcome)
    {
        _asking.Remove(outcome.Seed.Id);
        if (outcome.Accepted is { } accepted)
        {
            foreach (MemberCredential credential in accepted.Members)
            {
                Learn(credential, outcome.Seed.Id);
            }

            Joined();
        }
        else if (outcome.Refusal is { } refusal)
        {
            OnRefused(outcome.Seed, outcome.Asked, refusal);
        }
        else
        {
            _node.Logger.SeedNotReached(outcome.Seed.Endpoint, outcome.Detail);
        }

        if (_asking.Count == 0)
        {
            AllAnswered();
        }
    }

    private void OnRefused(SeedNode seed, Digest16 asked, Refused refusal)
    {
        _node.Logger.JoinRefusedByPeer(seed.Endpoint, refusal.Reason, refusal.Detail);
        if (_proof.IsIn(refusal, asked))
        {
            _node.Fail(new ClusterException(
                ClusterFailure.IdentityInUse,
                $"the seed at {seed.Endpoint} refused this node ({refusal.Reason}): {refusal.Detail}"));
            return;
        }

        _round.NoteRefused(seed, refusal);
    }

    private void OnHello(JudgeHello judge)
    {
        Refused? refusal = Refusal(judge.Hello, judge.Peer);
        LinkMessage answer = refusal is not null
            ? refusal
            : new Welcome(_node.Options.Cluster, _node.Incarnation, _node.Admission.Encoded);
        Sender?.Tell(answer);
    }

    private Refused? Refusal(Hello hello, NodeId peer)
    {
        AdmissionDecision decision = _node.Authority.Judge(hello.Admission, peer, _node.Time.GetUtcNow());
        if (decision.Refusal is { } refused)
        {
            return refused;
        }

        if (hello.Lane == Lane.Join)
        {
            return null;
        }

        if (!_table.View.Members.TryGetValue(peer, out Member? known) || peer == _node.Self)
        {
            return peer == _node.Self
                ? new Refused(RefusalReason.IdentityInUse, "this node itself has that identity")
                : new Refused(RefusalReason.NotJoined, "join through a seed first");
        }

        if (hello.Incarnation < known.Incarnation)
        {
            return JoinJudge.Stale(known);
        }

        if (hello.Incarnation > known.Incarnation)
        {
            if (known.State == MemberState.Up)
            {
                // Its join was accepted elsewhere and is on its way here, or the process before is about to be missed.
                return new Refused(RefusalReason.NotJoined, "a process before this one still counts as alive here");
            }

            _table.NoteIncarnation(peer, hello.Incarnation);
            Publish();
        }

        return null;
    }

    private void OnJoin(JudgeJoin judge)
    {
        IActorRef? asker = Sender;
        if (_judge.Objection(judge, _table.View) is { } refusal)
        {
            _node.Logger.JoinRefused(judge.Peer.Short, refusal.Reason, refusal.Detail);
            asker?.Tell(refusal);
            return;
        }

        NodeAnnouncement.TryDecode(judge.Request.Credential.Announcement, out NodeAnnouncement? announcement);
        if (_table.View.Members.TryGetValue(judge.Peer, out Member? known)
            && announcement!.Incarnation > known.Incarnation && known.State == MemberState.Up)
        {
            // The process before may have died this moment, or may live: the next heartbeat or its absence tells.
            _parked[judge.Peer] = new ParkedJoin(judge, asker);
            Context.Parent.Tell(new AskPeer(judge.Peer, announcement.Nonce));
            return;
        }

        Accept(judge, asker);
    }

    private void Accept(JudgeJoin judge, IActorRef? asker)
    {
        Learned learned = Learn(judge.Request.Credential, judge.Peer);
        asker?.Tell(learned.Refusal is { } refusal
            ? refusal
            : new JoinAccepted([.. Credentials().Take(LinkLimits.MembersPerMessage)]));
    }

    private void OnPeerConfirmed(PeerConfirmed confirmed)
    {
        if (_parked.Remove(confirmed.Peer, out ParkedJoin? parked))
        {
            Refused refusal = JoinJudge.InUse(confirmed.Peer) with { Proof = confirmed.Proof };
            _node.Logger.IdentityInUse(confirmed.Peer.Short);
            parked.Asker?.Tell(refusal);
        }
    }

    private void OnPeerLost(PeerLost lost)
    {
        bool changed = _table.TrySetState(lost.Peer, MemberState.Suspect, _node.Now);
        if (_parked.Remove(lost.Peer, out ParkedJoin? parked))
        {
            Accept(parked.Judge, parked.Asker);
        }

        if (changed)
        {
            Publish();
        }
    }

    private void OnPeerUp(PeerUp up)
    {
        // Published also if it was Up already: what was agreed on its links before is forgotten with them.
        _table.NoteIncarnation(up.Peer, up.Incarnation);
        _table.TrySetState(up.Peer, MemberState.Up, _node.Now);
        Publish();
        Send(up.Peer, Credentials());
    }

    private void OnFigures(PeerFigures figures)
    {
        if (_table.NoteFigures(figures.Peer, figures.RoundTrip, figures.Mailboxes, figures.IsStorageFailing))
        {
            Publish();
        }
        else
        {
            _node.Views.Publish(_table.View);
        }
    }

    private void OnGossip(GossipArrived arrived)
    {
        foreach (MemberCredential credential in arrived.Gossip.Members)
        {
            Learn(credential, arrived.From);
        }
    }

    private void OnLearnView(LearnView learn)
    {
        foreach (MemberCredential credential in learn.Members)
        {
            Learn(credential, learn.From);
        }

        Sender?.Tell(new Done());
    }

    private Learned Learn(MemberCredential credential, NodeId from)
    {
        Learned learned = _table.Learn(credential, _node.Time.GetUtcNow(), _node.Now);
        switch (learned.Kind)
        {
            case LearnedKind.New or LearnedKind.Newer:
                NodeId node = learned.Announcement!.Node;
                _node.Logger.MemberLearned(node.Short, learned.Announcement.Incarnation);
                Publish();
                Keep();
                foreach (NodeId peer in _node.Links.Peers.Where(peer => peer != from && peer != node))
                {
                    Send(peer, [credential]);
                }

                break;
            case LearnedKind.Usurped:
                _node.Logger.IdentityInUse(_node.Self.Short);
                _node.Fail(new ClusterException(
                    ClusterFailure.IdentityInUse,
                    $"a later process took part as node {_node.Self.Short}; stop one of them, or give each its key"));
                break;
            case LearnedKind.Refused when _undecided.TryKeep(learned, credential, from):
                break;
            case LearnedKind.Refused:
                _node.Logger.GossipRefused(from.Short, learned.Refusal!.Reason, learned.Refusal.Detail);
                break;
        }

        return learned;
    }

    private void DecideAgain()
    {
        foreach ((MemberCredential credential, NodeId from) in _undecided.Waiting)
        {
            Learned learned = Learn(credential, from);
            if (learned is { Kind: not LearnedKind.Refused, Announcement: { } announcement })
            {
                _undecided.Remove(announcement.Node);
            }
        }
    }

    private void Send(NodeId peer, IReadOnlyList<MemberCredential> members)
    {
        LinkConnection? control = _node.Links.Find(peer)?.Control;
        foreach (MemberCredential[] page in members.Chunk(LinkLimits.MembersPerMessage))
        {
            control?.TrySend(new MembershipGossip(page));
        }
    }

    private IReadOnlyList<MemberCredential> Credentials() =>
        [.. _table.View.Members.Values.Select(member => member.Credential)];

    private void MarkDown()
    {
        if (_node.Time.GetUtcNow() > _node.Admission.NotAfter)
        {
            _node.Fail(new ClusterException(
                ClusterFailure.AdmissionExpired,
                $"the admission of this node ended at {_node.Admission.NotAfter:u}; have the operator sign a new one"));
        }

        if (_node.Authority.IsTurnedOut(_node.Self))
        {
            _node.Fail(new ClusterException(
                ClusterFailure.NotAdmitted, "the control log says that this node belongs to the cluster no more"));
        }

        DecideAgain();
        bool changed = _table.NoteFigures(
            _node.Self, TimeSpan.Zero, (uint)_node.Counters.Mailboxes, _node.Counters.IsStorageFailing);
        foreach (Member member in _table.View.Members.Values)
        {
            changed |= _table.TrySetOut(member.Id, _node.Authority.IsTurnedOut(member.Id));

            // One that was heard of but never linked with, as after a restart of the others, is as absent.
            bool isAbsent = member.State is MemberState.Suspect or MemberState.Joining;
            if (isAbsent && _node.Now - member.Since > _node.Options.DownAfter)
            {
                changed |= _table.TrySetState(member.Id, MemberState.Down, _node.Now);
            }
        }

        if (changed)
        {
            Publish();
        }
    }

    private void Joined()
    {
        if (!_joined)
        {
            _joined = true;
            Context.Parent.Tell(new NodeJoined(_table.View.Members.Count));
        }
    }

    private void Publish()
    {
        _node.Views.Publish(_table.View);
        Context.Parent.Tell(new ViewChanged(_table.View));
    }

    private void Keep() => Context.PipeToSelf(
        _store.SaveAsync(_table.View, Context.StopToken),
        ok => new Kept(ok ? null : "the snapshot could not be written"),
        error => new Kept(error.Message));

    private void OnKept(Kept kept)
    {
        _node.Counters.NoteWrite(kept.Problem is null, kept.Problem);
        bool isNews = kept.Problem is null == _notKept;
        _notKept = kept.Problem is not null;
        if (isNews && kept.Problem is { } problem)
        {
            // The members are learned again from the seeds; only a start without any seed would miss them.
            _node.Logger.MembersNotKept(problem);
        }
    }

    private sealed record SeedTick;

    private sealed record DownTick;

    private sealed record Kept(string? Problem);

    private sealed record ParkedJoin(JudgeJoin Judge, IActorRef? Asker);
}
