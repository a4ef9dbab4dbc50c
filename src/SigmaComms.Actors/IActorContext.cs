using SigmaComms.Actors.Breakers;

namespace SigmaComms.Actors;

/// <summary>An actor's place in the tree. Use it only inside the actor's own handlers.</summary>
public interface IActorContext
{
    /// <summary>The actor system.</summary>
    ActorSystem System { get; }

    /// <summary>The actor's own address.</summary>
    IActorRef Self { get; }

    /// <summary>Its supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>Who sent the current message, or null.</summary>
    IActorRef? Sender { get; }

    /// <summary>Its children, those that are stopping included.</summary>
    IReadOnlyCollection<IActorRef> Children { get; }

    /// <summary>Cancelled when the actor is to stop or restart: pending handlers should end soon.</summary>
    CancellationToken StopToken { get; }

    /// <summary>Messages put aside for later.</summary>
    IStash Stash { get; }

    /// <summary>Messages to itself later; gone at a restart.</summary>
    ITimerScheduler Timers { get; }

    /// <summary>
    /// The actor's breaker of that name, made at the first call. It stays when the actor restarts, and ends with it.
    /// </summary>
    /// <param name="settings">Its name, and how it is made if there is none of that name.</param>
    Breaker Breaker(BreakerSettings settings);

    /// <summary>The child of that name, or null.</summary>
    /// <param name="name">The name.</param>
    IActorRef? Child(string name);

    /// <summary>Makes a child.</summary>
    /// <param name="props">Its recipe.</param>
    /// <param name="name">Unique among the children, or null for a made-up name.</param>
    /// <exception cref="ArgumentException">The name is taken or not allowed.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Stops a child, or the actor itself, after its current message.</summary>
    /// <param name="actor">A child or itself.</param>
    void Stop(IActorRef actor);

    /// <summary>Asks for exactly one <see cref="Terminated"/> when the actor ends, at once if it has ended.</summary>
    /// <param name="actor">Whom to watch.</param>
    void Watch(IActorRef actor);

    /// <summary>Like <see cref="Watch"/>, with a message of one's own instead.</summary>
    /// <param name="actor">Whom to watch.</param>
    /// <param name="message">What to receive when it ends.</param>
    void WatchWith(IActorRef actor, object message);

    /// <summary>Ends a watch; a notice already in the mailbox is not delivered.</summary>
    /// <param name="actor">Whom not to watch any more.</param>
    void Unwatch(IActorRef actor);

    /// <summary>Replaces the handler.</summary>
    /// <param name="receive">The new handler.</param>
    void Become(Func<object, ValueTask> receive);

    /// <summary>Puts a handler on top.</summary>
    /// <param name="receive">The new handler.</param>
    void BecomeStacked(Func<object, ValueTask> receive);

    /// <summary>Takes the top handler off.</summary>
    void UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> when no message came for so long; null ends it.</summary>
    /// <param name="timeout">More than zero, or null.</param>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Asks another actor and waits for its answer inside this turn.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="to">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="AskCycleException">The other one is waiting for this one.</exception>
    ValueTask<T> Ask<T>(IActorRef to, object message, TimeSpan timeout);

    /// <summary>Sends itself the outcome of a task, outside of the turn.</summary>
    /// <typeparam name="T">Type of the task's result.</typeparam>
    /// <param name="task">The running task.</param>
    /// <param name="success">Makes the message from the result.</param>
    /// <param name="failure">Makes the message from the exception.</param>
    void PipeToSelf<T>(Task<T> task, Func<T, object> success, Func<Exception, object> failure);
}
