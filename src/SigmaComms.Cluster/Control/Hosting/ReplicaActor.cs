using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Control.Keys;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Cluster.Membership;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// Runs the pure core of the control log on real links, disk and time. Inputs that come while the disk writes make the
/// next turn together; all that a turn must have on disk becomes durable at once, and only then anything of it leaves.
/// </summary>
internal sealed class ReplicaActor : ReceiveActor
{
    private const int InputsPerTurn = 256;

    private const int GroupsRepeated = 256;

    /// <summary>Longer than anybody waits for an answer.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadTickInterval = TimeSpan.FromMilliseconds(100);

    private readonly ControlDesk _desk;
    private readonly Queue<(Input Input, PeerFrame? Frame)> _inputs = new();
    private readonly GroupWaiters _waiters = new();
    private readonly ReplicaOpener _opener;
    private readonly PeerWatch _peers;
    private readonly StatusSheet _sheet;
    private readonly ReadDesk _reads;
    private readonly AccusationDesk _accusations;
    private readonly VoterDesk _voter;
    private readonly KeyEraser _eraser;
    private readonly TransferDesk _transfer;
    private IActorRef _disk = null!;
    private IActorRef _signer = null!;
    private Replica? _replica;
    private Foundation? _adopted;
    private TurnPlan? _writing;
    private uint _incarnation;
    private ulong _lastSnapshot;
    private bool _isIdle;

    public ReplicaActor(ControlDesk desk)
    {
        _desk = desk;
        _opener = new ReplicaOpener(desk);
        _peers = new PeerWatch(desk.Node.Self);
        _sheet = new StatusSheet(desk);
        _reads = new ReadDesk(desk);
        _accusations = new AccusationDesk(desk);
        _voter = new VoterDesk(desk);
        _eraser = new KeyEraser(desk);
        _transfer = new TransferDesk(desk);
        Receive<InputArrived>(arrived => Enqueue(arrived.Input, arrived.Frame));
        Receive<TimerRang>(rang => Enqueue(new Input.TimerFired(rang.Kind, rang.Generation), null));
        Receive<TurnWritten>(IsOfDisk, OnWritten);
        Receive<VoteSigned>(_ => _signer.Equals(Sender), OnSigned);
        Receive<SubmitGroup>(OnSubmit);
        Receive<ViewChanged>(OnViewChanged);
        Receive<DiskOpened>(IsOfDisk, OnOpened);
        Receive<HostArrived>(OnHostArrived);
        Receive<ReadNow>(OnRead);
        Receive<ReadTick>(_ => OnReadTick());
        Receive<ProveBlock>(prove => _transfer.Prove(prove, Sender));
        Receive<ReadHandovers>(read => _transfer.Read(read, Sender));
        Receive<TransferActor.Served>(IsOfTransfer, _transfer.Served);
        Receive<TransferActor.EpochReached>(IsOfTransfer, _transfer.Reached);
        Receive<TransferActor.PartWanted>(IsOfTransfer, _transfer.AskPart);
        Receive<TransferActor.FetchFailed>(IsOfTransfer, _ => _transfer.Leave());
        Receive<TransferActor.SnapshotTaken>(IsOfTransfer, OnSnapshot);
        Receive<AccusationDesk.Ordered>(OnOrdered);
        Receive<KeyMade>(IsOfDisk, made => _voter.Made(made, Context));
        Receive<VoterAnswered>(_voter.Answered);
        Receive<Housekeeping>(_ => OnHousekeeping());
        ReceiveAny(static _ => { });
    }

    /// <summary>Neither disk nor signer can go on alone: the replica begins anew from what is durable.</summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        0, TimeSpan.FromMinutes(1), static _ => Directive.Escalate);

    private long Now => _desk.Node.Time.GetUtcNow().UtcTicks;

    protected override ValueTask PreStart()
    {
        _sheet.Opening();
        _disk = Context.ActorOf(
            Props.Create(() => new DiskActor(_desk)).WithDispatcher(Dispatcher.Pinned), "disk");
        _signer = Context.ActorOf(_desk.Options.Signer(_desk), "signer");
        _disk.Tell(new DiskActor.OpenDisk(), Self);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask PostStop()
    {
        while (_inputs.TryDequeue(out (Input, PeerFrame? Frame) input))
        {
            _desk.Release(input.Frame);
        }

        _reads.GiveUp();
        _waiters.AnswerAll(GroupAnswer.Refused(
            ControlVerdict.TimedOut, "this node's replica stopped before it saw the commands final"));
        return ValueTask.CompletedTask;
    }

    // The mailbox outlives a restart; what a child of the life before still said is dropped.
    private bool IsOfDisk(object message) => _disk.Equals(Sender);

    private bool IsOfTransfer(object message) => _transfer.IsOf(Sender);

    private void OnOpened(DiskOpened opened)
    {
        (_replica, _incarnation) = _opener.Open(opened);
        _eraser.Begin(_replica.FinalHeight);
        _lastSnapshot = opened.Foundation.Header.Height.Value;
        _sheet.Opened(opened, _incarnation);
        _reads.Begin(opened.Foundation.Header, _replica);
        _voter.Begin(opened.UsableKeys);
        _transfer.Begin(opened.Files, Context);
        Context.Timers.StartPeriodic(nameof(Housekeeping), new Housekeeping(), HousekeepingInterval);
        _desk.Node.Logger.ReplicaStarted(
            _replica.Epoch.Value, _replica.FinalHeight.Value, opened.Records.Count, _replica.IsVoting, opened.Detail);
        TurnPlan plan = new(_replica.Validators);
        plan.Add(new DiskStep.Begin(_replica.Validators));
        plan.Add(_replica.Start(Now));
        _desk.Board.Show(_replica.Validators);
        _sheet.Publish(_replica);
        _peers.Reset();
        foreach (Input input in _peers.See(_desk.Node.View))
        {
            _inputs.Enqueue((input, null));
        }

        Execute(plan);
        RunTurns();
    }

    private void Enqueue(Input input, PeerFrame? frame)
    {
        _inputs.Enqueue((input, frame));
        RunTurns();
    }

    private void RunTurns()
    {
        while (_replica is not null && _writing is null && _inputs.Count > 0)
        {
            TurnPlan plan = new(_replica.Validators);
            long now = Now;
            for (int i = 0; i < InputsPerTurn && _inputs.TryDequeue(out (Input Input, PeerFrame? Frame) next); i++)
            {
                _desk.Release(next.Frame);
                _sheet.Hear(next.Input);
                plan.Add(_replica.Step(next.Input, now));
            }

            Execute(plan);
        }
    }

    private void Execute(TurnPlan plan)
    {
        _desk.Counters.NoteTurn();
        foreach (Effect.Commit commit in plan.Commits)
        {
            OnCommitted(commit);
        }

        foreach (Effect.SetTimer timer in plan.Timers)
        {
            Context.Timers.StartSingle(timer.Kind, new TimerRang(timer.Kind, timer.Generation), timer.After);
        }

        if (plan.HasEpochBegun)
        {
            _eraser.Begin(_replica!.FinalHeight);
            _desk.Board.Show(plan.Validators);
            _desk.Node.Logger.EpochBegan(plan.Validators.Epoch.Value, plan.Validators.Count);
        }

        if (_adopted is { } adopted && _replica!.FinalHeight >= adopted.Header.Height)
        {
            Adopt(adopted, plan);
        }

        CompactIfDue(plan);
        _sheet.Publish(_replica!);
        _reads.Settle(_replica!);
        if (plan.Steps.Count == 0)
        {
            Perform(plan, null);
            return;
        }

        _desk.Counters.NoteWrite();
        _isIdle = false;
        _writing = plan;
        _disk.Tell(new WriteTurn(plan.Steps, plan.MayWait), Self);
    }

    private void OnWritten(TurnWritten written)
    {
        TurnPlan plan = _writing!;
        _writing = null;
        _sheet.Written(written.Figures);
        if (written.Key is { } key)
        {
            _signer.Tell(new UseKey(key));
        }

        if (written.Refused > 0)
        {
            _desk.Counters.NoteGuardRefusals(written.Refused);
            _desk.Node.Logger.GuardRefused(written.Refused);
        }

        Perform(plan, written);
        if (plan.HasEpochBegun && written.Key is not null && !_replica!.IsVoting)
        {
            VoteAnew(plan);
        }

        if (plan.HasEpochBegun)
        {
            // Who was turned out does not live long after this.
            _eraser.Look(_replica!, _voter, _disk, _signer);
        }

        RunTurns();
    }

    // The epoch has this node under an incarnation that began after the old one's memory was lost.
    private void VoteAnew(TurnPlan plan)
    {
        ValidatorSet validators = _replica!.Validators;
        bool isIn = validators.TryIndexOf(_desk.Node.Self, out int self);
        Invariant.Holds(isIn);
        _incarnation = validators[self].Incarnation;
        _sheet.VotesAs(_incarnation);
        foreach (TimerKind kind in Enum.GetValues<TimerKind>())
        {
            Context.Timers.Cancel(kind);
        }

        _replica = _opener.Reopen(_incarnation, plan.EpochStart(), _replica.LiveRecords());
        Invariant.Holds(_replica.IsVoting);
        TurnPlan start = new(_replica.Validators);
        start.Add(_replica.Start(Now));
        foreach (CommandGroup group in _waiters.Groups)
        {
            _inputs.Enqueue((new Input.GroupVerified(group), null));
        }

        Execute(start);
    }

    private void Perform(TurnPlan plan, TurnWritten? written)
    {
        foreach ((Effect effect, ValidatorSet validators) in plan.After)
        {
            switch (effect)
            {
                case Effect.Broadcast broadcast:
                    _desk.Broadcast(broadcast.Message, validators);
                    break;
                case Effect.Send send:
                    _desk.Send(send.To, send.Message);
                    break;
                case Effect.SignAndBroadcast sign when written?.Signable.Contains(sign.Ballot) == true:
                    Sign(sign.Ballot, null, validators);
                    break;
                case Effect.Accuse accuse:
                    _accusations.Take(accuse, validators, Context);
                    break;
                case Effect.ServeFinal serve:
                    _transfer.Serve(serve.To, serve.From, Self);
                    break;
                case Effect.SignAndPropose sign when written?.Signable.Contains(sign.Ballot) == true:
                    Sign(sign.Ballot, sign.Block, validators);
                    break;
            }
        }
    }

    private void Sign(Consensus.Votes.Ballot ballot, Consensus.Blocks.Block? block, ValidatorSet validators)
    {
        if (validators.TryIndexOf(_desk.Node.Self, out int self))
        {
            _signer.Tell(new SignVote(ballot, (byte)self, validators[self].Incarnation, block), Self);
        }
    }

    private void OnSigned(VoteSigned signed)
    {
        _desk.Counters.NoteVote();
        ValidatorSet validators = _replica!.Validators;
        if (signed.Vote.Ballot.Epoch == validators.Epoch)
        {
            _desk.Broadcast(signed.Encoded, validators, isUrgent: true);
        }

        Enqueue(new Input.OwnVoteSigned(signed.Vote), null);
    }

    private void OnCommitted(Effect.Commit commit)
    {
        foreach (CommittedBlock block in commit.Blocks)
        {
            _reads.Advance(block.Block.Header, _replica!);
            if (block.Block.Header.Height <= _desk.Board.Reading.Height)
            {
                // Made final before a restart; everybody who waited was told that it is in doubt.
                continue;
            }

            _desk.Counters.NoteBlock(block.Block.Body.CommandCount);
            _sheet.Committed(block, commit.Proof);
            _waiters.Answer(block);
            BlockFinal final = new(block, commit.Proof);
            _desk.Watchers.Tell(final);
            Context.System.EventStream.Publish(final);
        }
    }

    // No commit tells of it: the blocks before it never were here.
    private void Adopt(Foundation snapshot, TurnPlan plan)
    {
        _adopted = null;
        _lastSnapshot = snapshot.Header.Height.Value;
        plan.Adopt(snapshot, _replica!.LiveRecords());
        _sheet.Adopted(snapshot);
        _reads.Advance(snapshot.Header, _replica);
        _waiters.AnswerRepeats(_desk.Board.Reading);
    }

    private void CompactIfDue(TurnPlan plan)
    {
        ulong height = _replica!.FinalHeight.Value;
        if (plan.Commits.Count == 0 || height - _lastSnapshot < (ulong)_desk.Options.BlocksPerSnapshot)
        {
            return;
        }

        _lastSnapshot = height;
        plan.Compact(_replica.LiveRecords());
    }

    private void OnSubmit(SubmitGroup submit)
    {
        IActorRef asker = Sender!;
        if (_replica is null)
        {
            asker.Tell(GroupAnswer.Refused(ControlVerdict.Unavailable, "this node's replica is not open yet"));
            return;
        }

        if (GroupWaiters.Repeat(submit.Group, _desk.Board.Reading) is { } known)
        {
            asker.Tell(known);
            return;
        }

        if (_waiters.Count >= _desk.Options.WaitingCommandsMax)
        {
            asker.Tell(GroupAnswer.Refused(ControlVerdict.Busy, "too many groups of commands wait"));
            return;
        }

        bool isKnown = _waiters.Contains(submit.Group);
        _waiters.Add(submit.Group, asker, _desk.Node.Now);
        if (!isKnown)
        {
            Enqueue(new Input.GroupVerified(submit.Group), null);
        }
    }

    private void OnViewChanged(ViewChanged changed)
    {
        if (_replica is null)
        {
            return;
        }

        foreach (Input input in _peers.See(changed.View))
        {
            _inputs.Enqueue((input, null));
        }

        RunTurns();
    }

    private void OnHostArrived(HostArrived arrived)
    {
        _desk.Release(arrived.Frame);
        if (_replica is null)
        {
            return;
        }

        switch (arrived.Message)
        {
            case HostMessage.ReadAsked asked:
                _reads.Answer(arrived.Frame.From, asked, _replica);
                break;
            case HostMessage.ReadSaid said:
                _reads.Take(arrived.Frame.From, said, _replica);
                break;
            default:
                _transfer.Take(arrived, _replica, Self);
                break;
        }
    }

    private void OnSnapshot(TransferActor.SnapshotTaken taken)
    {
        _transfer.End();
        Foundation snapshot = taken.Snapshot;
        if (snapshot.Header.Height <= _replica!.FinalHeight)
        {
            return;
        }

        _desk.Node.Logger.SnapshotTaken(snapshot.Header.Height.Value);
        _adopted = snapshot;
        Enqueue(new Input.SnapshotVerified(snapshot), null);
    }

    private void OnRead(ReadNow read)
    {
        if (_replica is null)
        {
            Sender?.Tell(new ReadAnswer(null));
            return;
        }

        _reads.Read(Sender!, read, _replica);
        Context.Timers.StartSingle(nameof(ReadTick), new ReadTick(), ReadTickInterval);
    }

    private void OnReadTick()
    {
        _reads.Settle(_replica!);
        if (_reads.IsWaiting)
        {
            Context.Timers.StartSingle(nameof(ReadTick), new ReadTick(), ReadTickInterval);
        }
    }

    private void OnHousekeeping()
    {
        _voter.Tick(_replica!, Context, _disk);
        _transfer.Tick();
        _waiters.Expire(_desk.Node.Now - WaitMax);
        foreach (CommandGroup group in _waiters.Groups.Take(GroupsRepeated))
        {
            // The pool may have been full; a group that it has changes nothing.
            _inputs.Enqueue((new Input.GroupVerified(group), null));
        }

        RunTurns();
        if (_isIdle)
        {
            _disk.Tell(new DiskActor.SealLog(), Self);
        }

        _isIdle = true;
        _eraser.Look(_replica!, _voter, _disk, _signer);
    }

    private void OnOrdered(AccusationDesk.Ordered ordered)
    {
        if (ordered.Answer is null)
        {
            AccusationDesk.Order(ordered, Context);
        }
        else
        {
            AccusationDesk.Answered(ordered, Context);
        }
    }

    private sealed record Housekeeping;

    private sealed record ReadTick;

    private sealed record TimerRang(TimerKind Kind, ulong Generation);
}
