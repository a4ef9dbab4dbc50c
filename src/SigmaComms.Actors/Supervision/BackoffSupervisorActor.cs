using System.Security.Cryptography;

namespace SigmaComms.Actors.Supervision;

/// <summary>The actor behind <see cref="BackoffSupervisor"/>.</summary>
internal sealed class BackoffSupervisorActor(Props child, string childName, BackoffOptions options) : UntypedActor
{
    private static readonly object StartAgain = new();

    private readonly Backoff _backoff =
        options.ResetsByHand ? options.Backoff with { ResetAfter = TimeSpan.MaxValue } : options.Backoff;

    private SupervisorStrategy? _strategy;
    private ActorCell? _child;
    private int _startsInRow;
    private long _startedAt;
    private bool _finalStop;

    // The limit is on starts in a row, not within a time: the decider sees to it.
    protected override SupervisorStrategy SupervisorStrategy =>
        _strategy ??= new OneForOneStrategy(-1, Timeout.InfiniteTimeSpan, Decide, _backoff);

    // Restarts of one child are counted by its supervision, new actors here.
    private int InRow => _startsInRow + (_child?.RestartWindow.InRow(_backoff, Context.System.Time) ?? 0);

    protected override ValueTask PreStart()
    {
        StartChild();
        return ValueTask.CompletedTask;
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case BackoffSupervisor.GetChild:
                Sender?.Tell(new BackoffSupervisor.Child(_child), Self);
                break;
            case BackoffSupervisor.GetRestarts:
                Sender?.Tell(new BackoffSupervisor.Restarts(InRow), Self);
                break;
            case BackoffSupervisor.Reset:
                _startsInRow = 0;
                _child?.RestartWindow.Forget();
                break;
            case Terminated ended when ended.Actor.Equals(_child):
                ChildEnded();
                break;
            case var _ when ReferenceEquals(message, StartAgain):
                StartChild();
                break;
            case var _ when Sender is not null && Sender.Equals(_child):
                Context.Parent.Tell(message, Self);
                break;
            default:
                PassOn(message);
                break;
        }
    }

    private Directive Decide(Exception cause)
    {
        Directive directive = options.Decider(cause);
        return directive == Directive.Restart && options.MaxRetries >= 0 && InRow >= options.MaxRetries
            ? Directive.Stop
            : directive;
    }

    private void PassOn(object message)
    {
        if (_child is null && options.ReplyWhileStopped is { } reply)
        {
            Sender?.Tell(reply, Self);
            return;
        }

        _finalStop |= options.IsFinalStop(message);
        if (_child is null)
        {
            Context.System.DeadLetters.Publish(message, Sender, Self, "the child waits to be started again");
        }
        else
        {
            _child.Tell(message, Sender);
        }
    }

    private void StartChild()
    {
        _child = ActorCell.Of(Context.ActorOf(child, childName));
        _startedAt = Context.System.Time.GetTimestamp();
        Context.Watch(_child);
    }

    private void ChildEnded()
    {
        int startsInRow = InRow;
        _child = null;
        if (!options.StartAgainWhenStopped || _finalStop)
        {
            Context.Stop(Self);
            return;
        }

        bool quiet = Context.System.Time.GetElapsedTime(_startedAt) > _backoff.ResetAfter;
        _startsInRow = quiet ? 1 : Math.Min(startsInRow, int.MaxValue - 2) + 1;
        if (options.MaxRetries >= 0 && _startsInRow > options.MaxRetries)
        {
            Context.Stop(Self);
            return;
        }

        double fraction = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
        Context.Timers.StartSingle(StartAgain, StartAgain, _backoff.Delay(_startsInRow, fraction));
    }
}
