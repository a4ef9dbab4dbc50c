using SigmaComms.Actors;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Control.Reads;
using SigmaComms.Cluster.Control.Sessions;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Control.Verification;
using SigmaComms.Cluster.Membership;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// The control log on this node: the replica, the pool that verifies for it, and its clients' sessions.
/// </summary>
internal sealed class ControlActor : ReceiveActor
{
    private readonly ControlDesk _desk;
    private IActorRef _replica = null!;
    private IActorRef _sessions = null!;
    private string? _halted;

    public ControlActor(ControlDesk desk)
    {
        _desk = desk;
        Receive<SubmitGroup>(submit => Pass(submit, GroupAnswer.Refused(ControlVerdict.Unavailable, Halted)));
        Receive<SubmitCommand>(submit => _sessions.Tell(submit, Sender));
        Receive<ReadNow>(read => Pass(read, new ReadAnswer(null)));
        Receive<ProveBlock>(prove => Pass(prove, new BlockProved(null, null)));
        Receive<ReadHandovers>(read => Pass(read, new HandoversRead([])));
        Receive<ViewChanged>(changed => Pass(changed, null));
        Receive<ReplicaEnded>(_ => OnEnded());
    }

    /// <summary>
    /// A broken invariant ends the replica: it must not sign on, and the same log would break it again. Everything else
    /// is the world, a disk most of all: it begins anew from what is durable, with growing waits, without a limit.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy => new OneForOneStrategy(
        -1,
        TimeSpan.FromMinutes(1),
        Decide,
        new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), 0.5, TimeSpan.FromMinutes(1)));

    private string Halted => $"the control log halted on this node: {_halted}";

    protected override ValueTask PreStart()
    {
        _replica = Context.ActorOf(Props.Create(() => new ReplicaActor(_desk)), "replica");
        Context.WatchWith(_replica, new ReplicaEnded());
        _sessions = Context.ActorOf(Props.Create(() => new SessionsActor(_desk, Self)), "sessions");
        var pool = Dispatcher.Limited(_desk.Verifiers.Count);
        for (int i = 0; i < _desk.Verifiers.Count; i++)
        {
            VerifierWakeUp wakeUp = _desk.Verifiers[i];
            Context.ActorOf(
                Props.Create(() => new VerifierActor(_desk, wakeUp, _replica)).WithDispatcher(pool), $"verifier-{i}");
        }

        return ValueTask.CompletedTask;
    }

    private Directive Decide(Exception cause)
    {
        if (cause is InvalidOperationException and not ObjectDisposedException)
        {
            _halted = cause.Message;
            return Directive.Stop;
        }

        _desk.Counters.NoteRestart();
        if (cause is not (IOException or UnauthorizedAccessException))
        {
            // The failure itself is told with all others; the next instance shows its own state.
            return Directive.Restart;
        }

        _desk.Node.Logger.DiskFailed(cause.Message);
        _desk.Board.Show(_desk.Board.Status with
        {
            State = ControlState.DiskFailing, Detail = cause.Message, IsVoting = false,
            NotVotingBecause = cause.Message,
        });
        return Directive.Restart;
    }

    private void OnEnded()
    {
        _halted ??= "it was stopped";
        _desk.Frames.Close();
        _desk.Node.Logger.ReplicaHalted(_halted);
        _desk.Board.Show(_desk.Board.Status with
        {
            State = ControlState.Halted, Detail = _halted, IsVoting = false, NotVotingBecause = _halted,
        });
    }

    private void Pass(object message, object? refusal)
    {
        if (_halted is null)
        {
            _replica.Tell(message, Sender);
        }
        else if (refusal is not null)
        {
            Sender?.Tell(refusal);
        }
    }

    private sealed record ReplicaEnded;
}
