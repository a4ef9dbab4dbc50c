using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

/// <summary>What every actor derives from. Instances are made only through <see cref="Props"/>.</summary>
/// <remarks>One message at a time: no other message runs while a handler is pending.</remarks>
public abstract class ActorBase
{
    private readonly ActorContext _context;

    /// <summary>Binds the instance to its place in the tree.</summary>
    /// <exception cref="InvalidOperationException">It was made outside of <see cref="Props"/>.</exception>
    protected ActorBase()
    {
        _context = ActorContext.UnderConstruction
            ?? throw new InvalidOperationException(
                $"{GetType().Name} is an actor: make it with ActorOf(Props.Create(...)), not with new.");
    }

    /// <summary>The actor's place in the tree and what it can do there.</summary>
    protected IActorContext Context => _context;

    /// <summary>Its own address.</summary>
    protected IActorRef Self => _context.Self;

    /// <summary>Who sent the current message, or null.</summary>
    protected IActorRef? Sender => _context.Sender;

    /// <summary>How failures of its children are handled; by default ten restarts a minute, then stop.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy => SupervisorStrategy.Default;

    internal SupervisorStrategy Strategy => SupervisorStrategy;

    /// <summary>Handles one message.</summary>
    /// <param name="message">The message.</param>
    protected abstract ValueTask OnReceive(object message);

    /// <summary>Runs before the first message.</summary>
    protected virtual ValueTask PreStart() => ValueTask.CompletedTask;

    /// <summary>Runs after the last message and after all children have ended.</summary>
    protected virtual ValueTask PostStop() => ValueTask.CompletedTask;

    /// <summary>
    /// Runs on the old instance before it is replaced; by default stops the children and runs PostStop.
    /// </summary>
    /// <param name="reason">The failure.</param>
    /// <param name="message">The message that was being handled, or null.</param>
    protected virtual ValueTask PreRestart(Exception reason, object? message)
    {
        foreach (IActorRef child in Context.Children)
        {
            Context.Stop(child);
        }

        return PostStop();
    }

    /// <summary>Runs on the new instance after a restart; by default runs PreStart.</summary>
    /// <param name="reason">The failure.</param>
    protected virtual ValueTask PostRestart(Exception reason) => PreStart();

    /// <summary>
    /// Called for a message without a handler. By default publishes <see cref="UnhandledMessage"/>, and fails with
    /// <see cref="DeathPactException"/> for an unhandled <see cref="Terminated"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException($"{Self.Path} watched {terminated.Actor.Path}, which has ended.");
        }

        _context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    internal bool BelongsTo(ActorContext context) => _context == context;

    internal ValueTask Receive(object message) => OnReceive(message);

    internal ValueTask Start() => PreStart();

    internal ValueTask Stopped() => PostStop();

    internal ValueTask BeforeRestart(Exception reason, object? message) => PreRestart(reason, message);

    internal ValueTask AfterRestart(Exception reason) => PostRestart(reason);
}
