using System.Security.Cryptography;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Supervision;

/// <summary>What one actor decides about the failures of its children. All members run in the actor's turn.</summary>
internal sealed class ChildSupervision(ActorCell cell)
{
    private readonly List<ActorFailure> _escalated = [];
    private readonly RestartWindow _together = new();
    private SupervisorStrategy _last = SupervisorStrategy.Default;

    public void Decide(ActorFailure failure)
    {
        // A restart that was ordered after the failure has replaced the failed instance, or will.
        if (!cell.Children.Contains(failure.Child) || failure.OrdersSeen < failure.Child.RestartOrders)
        {
            return;
        }

        SupervisorStrategy strategy = _last;
        Directive directive;
        bool counts = true;
        try
        {
            strategy = _last = cell.Actor?.Strategy ?? _last;
            directive = Directive(strategy, failure);
            counts = strategy.Counts(CauseOf(failure));
        }
        catch (Exception)
        {
            // A decider that fails cannot be trusted with this failure: the supervisor above decides.
            directive = Supervision.Directive.Escalate;
        }

        RestartWindow window = strategy.AllChildren ? _together : failure.Child.RestartWindow;
        if (directive == Supervision.Directive.Restart && !window.TryNote(strategy, cell.System.Time, counts))
        {
            directive = Supervision.Directive.Stop;
            cell.Annex.NoteGivenUp();
        }

        failure.Child.TellFailed(failure.Cause, directive);
        Carry(directive, strategy, window, failure);
    }

    /// <summary>The actor goes on after it escalated: so do the children whose failures those were.</summary>
    public void ResumeEscalated()
    {
        foreach (ActorFailure failure in _escalated)
        {
            if (failure.AtStart)
            {
                failure.Child.RequestStop();
            }
            else
            {
                Resume(failure);
            }
        }

        _escalated.Clear();
    }

    /// <summary>The actor begins anew after it escalated: so do those children that its old instance kept.</summary>
    public void RestartEscalated()
    {
        foreach (ActorFailure failure in _escalated)
        {
            if (failure.AtStart)
            {
                failure.Child.RequestStop();
            }
            else
            {
                Restart(failure.Child, new RestartOrder(failure.Cause, failure.Message, TimeSpan.Zero));
            }
        }

        _escalated.Clear();
    }

    /// <summary>Remembers how the instance supervised; its children may fail while there is none.</summary>
    public void Keep(ActorBase instance)
    {
        try
        {
            _last = instance.Strategy;
        }
        catch (Exception failure)
        {
            cell.System.Logger.LifecycleFailed(failure, cell.Path);
        }
    }

    private static Exception CauseOf(ActorFailure failure) =>
        failure.Cause is ActorInitializationException { InnerException: { } inner } ? inner : failure.Cause;

    private static Directive Directive(SupervisorStrategy strategy, ActorFailure failure)
    {
        Directive directive = strategy.Decider(CauseOf(failure));
        bool goesOn = directive is Supervision.Directive.Restart or Supervision.Directive.Resume;
        if (failure.AtStart && goesOn)
        {
            return strategy.Backoff is null ? Supervision.Directive.Stop : Supervision.Directive.Restart;
        }

        return directive;
    }

    private static void Resume(ActorFailure failure) =>
        failure.Child.PostSystem(new SystemMessage(SystemMessageKind.Resume, null, failure.Number));

    private static void Restart(ActorCell child, RestartOrder order)
    {
        child.RestartOrders++;
        child.PostSystem(new SystemMessage(SystemMessageKind.Restart, order));
    }

    private void Carry(Directive directive, SupervisorStrategy strategy, RestartWindow window, ActorFailure failure)
    {
        ActorCell[] treated = strategy.AllChildren ? cell.Children.All() : [failure.Child];
        switch (directive)
        {
            case Supervision.Directive.Resume:
                Resume(failure);
                break;
            case Supervision.Directive.Restart:
                double fraction = strategy.Backoff is null
                    ? 0
                    : RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
                RestartOrder order = new(failure.Cause, failure.Message, window.Delay(strategy, fraction));
                Array.ForEach(treated, child => Restart(child, order));
                break;
            case Supervision.Directive.Stop:
                if (cell.ParentCell is null)
                {
                    // Nobody above the root could notice that a part of the system is gone.
                    cell.System.Fail(failure.Child.Path, failure.Cause);
                }

                Array.ForEach(treated, static child => child.RequestStop());
                break;
            default:
                _escalated.Add(failure);
                cell.Fail(failure.Cause);
                break;
        }
    }
}
