using Microsoft.Extensions.Logging;
using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Health;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>
/// Tells the log about every actor of the node: starts, failures, restarts, ends, nearly full mailboxes; and at fixed
/// times the health of each supervisor and whether the verdict on the node has turned.
/// </summary>
internal sealed class TelemetryActor : ReceiveActor
{
    /// <summary>Deeper actors come and go with mailboxes and clients: their starts and ends are details.</summary>
    private const int PartDepth = 3;

    private static readonly TimeSpan JudgeInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UntoldInterval = TimeSpan.FromSeconds(1);

    private readonly NodeContext _node;
    private readonly NodeObserver _observer;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly FailureBudget _budget;
    private readonly TimeSpan _snapshotInterval;
    private Verdict _verdict;

    public TelemetryActor(NodeContext node, NodeObserver observer)
    {
        _node = node;
        _observer = observer;
        _log = observer.Logger;
        _name = node.Admission.Name;
        _budget = new FailureBudget(node.Time);
        _snapshotInterval = node.Options.HealthInterval;
        Receive<ActorFailed>(OnFailed);
        Receive<ActorRestarted>(OnRestarted);
        Receive<MailboxAboveHighWater>(OnMailboxHigh);
        Receive<BreakerChanged>(OnBreaker);
        Receive<HandlerHoldsThread>(OnHandlerHolds);
        Receive<ActorStarted>(OnStarted);
        Receive<ActorStopped>(OnStopped);
        Receive<TellUntold>(_ => OnUntold());
        Receive<JudgeNow>(_ => OnJudge());
        Receive<TellSupervisors>(_ => OnTellSupervisors());
    }

    /// <summary>
    /// Lets the actor have the events from now on. It cannot ask for them itself: others may have started before it
    /// has.
    /// </summary>
    public static void Subscribe(EventStream events, IActorRef actor)
    {
        events.Subscribe(actor, typeof(ActorFailed));
        events.Subscribe(actor, typeof(ActorRestarted));
        events.Subscribe(actor, typeof(MailboxAboveHighWater));
        events.Subscribe(actor, typeof(BreakerChanged));
        events.Subscribe(actor, typeof(HandlerHoldsThread));
        events.Subscribe(actor, typeof(ActorStarted));
        events.Subscribe(actor, typeof(ActorStopped));
    }

    protected override ValueTask PreStart()
    {
        Context.Timers.StartPeriodic(nameof(JudgeNow), new JudgeNow(), JudgeInterval);
        Context.Timers.StartPeriodic(nameof(TellSupervisors), new TellSupervisors(), _snapshotInterval);
        return ValueTask.CompletedTask;
    }

    private void OnFailed(ActorFailed failed)
    {
        string path = failed.Actor.Elements;
        string error = $"{failed.Cause.GetType().Name}: {failed.Cause.Message}";
        _observer.NoteFailure(failed);
        if (failed.Directive == Directive.Escalate)
        {
            _log.Escalated(
                failed.Cause, path, failed.Type, failed.Restarts, error, _name, _node.Incarnation);
        }
        else if (_budget.TryTake(failed.Type, path, error))
        {
            _log.Failed(
                failed.Cause, path, failed.Type, failed.Directive, failed.Restarts, error, _name, _node.Incarnation);
        }
        else if (!Context.Timers.IsActive(nameof(TellUntold)))
        {
            Context.Timers.StartSingle(nameof(TellUntold), new TellUntold(), UntoldInterval);
        }
    }

    private void OnUntold()
    {
        foreach ((string type, long count, string path, string error) in _budget.TakeUntold())
        {
            _log.MoreFailures(count, type, path, error, _name, _node.Incarnation);
        }
    }

    private void OnRestarted(ActorRestarted restarted)
    {
        _observer.Meter.NoteRestart(restarted.Type);
        _log.Restarted(
            restarted.Actor.Elements, restarted.Type, restarted.Restarts, _name, _node.Incarnation);
    }

    private void OnMailboxHigh(MailboxAboveHighWater high) => _log.MailboxHigh(
        high.Actor.Elements, high.Type, high.Depth, high.Capacity, _name, _node.Incarnation);

    private void OnBreaker(BreakerChanged changed)
    {
        string path = changed.Owner.Elements;
        if (changed.To == BreakerState.Open)
        {
            _log.BreakerOpened(
                path, changed.OwnerType, changed.Name, changed.RetryAfter.TotalSeconds, changed.Cause, _name,
                _node.Incarnation);
        }
        else
        {
            _log.BreakerTurned(
                path, changed.OwnerType, changed.Name, changed.To, changed.From, _name, _node.Incarnation);
        }
    }

    private void OnHandlerHolds(HandlerHoldsThread holds) => _log.HandlerHolds(
        holds.Actor.Elements, holds.Type, holds.For.TotalMilliseconds, _name, _node.Incarnation);

    private void OnStarted(ActorStarted started)
    {
        string path = started.Actor.Elements;
        if (IsPart(path))
        {
            _log.PartStarted(path, started.Type, _name, _node.Incarnation);
        }
        else
        {
            _log.ActorStarted(path, started.Type, _name, _node.Incarnation);
        }
    }

    private void OnStopped(ActorStopped stopped)
    {
        string path = stopped.Actor.Elements;
        if (IsPart(path))
        {
            _log.PartStopped(path, stopped.Type, stopped.Abandoned, _name, _node.Incarnation);
        }
        else
        {
            _log.ActorStopped(path, stopped.Type, stopped.Abandoned, _name, _node.Incarnation);
        }
    }

    private void OnJudge()
    {
        HealthReport report = _observer.Report();
        if (report.Verdict != _verdict)
        {
            Verdict before = _verdict;
            _verdict = report.Verdict;
            _log.VerdictTurned(_verdict, before, ReasonsOf(report), _name, _node.Incarnation);
        }
    }

    private void OnTellSupervisors()
    {
        TreeSnapshot tree = _observer.Tree();
        foreach (ActorSnapshot supervisor in tree.All.Where(static actor => actor.Children.Count > 0))
        {
            ActorSnapshot[] all = [.. PartJudge.Subtree(supervisor)];
            _log.Supervisor(
                supervisor.Path.Elements,
                supervisor.Type,
                supervisor.State,
                all.Length - 1,
                all.Sum(static actor => (long)actor.Depth),
                all.Max(static actor => actor.OldestMessageAge.TotalSeconds),
                all.Sum(static actor => actor.Processed),
                all.Sum(static actor => actor.FailuresInWindow),
                all.Sum(static actor => (long)actor.Restarts),
                all.Sum(static actor => actor.Dropped),
                _name,
                _node.Incarnation);
        }
    }

    private static string ReasonsOf(HealthReport report)
    {
        IEnumerable<string> reasons = report.Checks.Where(static check => check.Verdict != Verdict.Healthy)
            .Select(static check => $"{check.Name} {check.Code} ({check.Detail})");
        return string.Join("; ", reasons) is { Length: > 0 } text ? text : "all checks are ok";
    }

    private static bool IsPart(string path) => path.AsSpan().Count('/') <= PartDepth;

    private sealed record TellUntold;

    private sealed record JudgeNow;

    private sealed record TellSupervisors;
}
