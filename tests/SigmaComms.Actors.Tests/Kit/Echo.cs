namespace SigmaComms.Actors.Tests.Kit;

/// <summary>Sends back what it gets, and does what its other messages name.</summary>
internal sealed class Echo : ReceiveActor
{
    public Echo()
    {
        Receive<Later>(later => Context.Timers.StartSingle(later, later.Message, later.After));
        Receive<ToParent>(up => Context.Parent.Tell(up.Message));
        Receive<Exception>(planted => throw planted);
        ReceiveAny(message => (Sender ?? Target ?? Self).Tell(message));
    }

    /// <summary>Who gets what has no sender.</summary>
    public IActorRef? Target { get; init; }

    /// <summary>To be echoed after a time.</summary>
    public sealed record Later(object Message, TimeSpan After);

    /// <summary>For its parent.</summary>
    public sealed record ToParent(object Message);
}
