namespace SigmaComms.Actors;

/// <summary>An actor with one synchronous handler for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">The message.</param>
    protected abstract void Handle(object message);

    /// <inheritdoc/>
    protected sealed override ValueTask OnReceive(object message)
    {
        Handle(message);
        return ValueTask.CompletedTask;
    }
}
