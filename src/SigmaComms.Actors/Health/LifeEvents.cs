using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.Health;

/// <summary>
/// What the runtime publishes about the lives of its actors. These may be very many and short, so nothing is made
/// where nobody is interested.
/// </summary>
internal static class LifeEvents
{
    public static void TellStarted(this ActorCell cell)
    {
        if (cell.System.EventStream.IsWanted(typeof(ActorStarted)))
        {
            cell.System.EventStream.Publish(new ActorStarted(cell.Path, cell.TypeName));
        }
    }

    public static void TellStopped(this ActorCell cell, bool abandoned)
    {
        if (cell.System.EventStream.IsWanted(typeof(ActorStopped)))
        {
            cell.System.EventStream.Publish(new ActorStopped(cell.Path, cell.TypeName, abandoned));
        }
    }

    public static void TellRestarted(this ActorCell cell, Exception cause) =>
        cell.System.EventStream.Publish(new ActorRestarted(cell.Path, cell.TypeName, cell.Restarts, cause));

    public static void TellFailed(this ActorCell cell, Exception cause, Directive directive)
    {
        ActorFailed failed = new(cell.Path, cell.TypeName, cause, directive, cell.Restarts);
        if (!cell.System.EventStream.Publish(failed))
        {
            cell.System.Logger.ActorFailed(cause, failed.Actor, failed.Type, directive, failed.Restarts);
        }
    }

    public static void TellAboveHighWater(this ActorCell cell, int depth, int capacity) =>
        cell.System.EventStream.Publish(new MailboxAboveHighWater(cell.Path, cell.TypeName, depth, capacity));

    public static void TellHolding(this ActorCell cell, TimeSpan length)
    {
        if (!cell.System.EventStream.Publish(new HandlerHoldsThread(cell.Path, cell.TypeName, length)))
        {
            cell.System.Logger.HandlerHoldsThread(cell.Path, (long)length.TotalMilliseconds);
        }
    }
}
