namespace SigmaComms.Actors;

/// <summary>The address of an actor: all that others may know of it.</summary>
public interface IActorRef : IEquatable<IActorRef>
{
    /// <summary>Where it stands in the tree.</summary>
    ActorPath Path { get; }

    /// <summary>Sends a message. Never blocks, never throws; what cannot be delivered is a dead letter.</summary>
    /// <param name="message">An immutable message.</param>
    /// <param name="sender">Who gets the answer, or null.</param>
    void Tell(object message, IActorRef? sender = null);

    /// <summary>Sends a message and tells what became of it.</summary>
    /// <param name="message">An immutable message.</param>
    /// <param name="sender">Who gets the answer, or null.</param>
    SendResult TryTell(object message, IActorRef? sender = null);

    /// <summary>Sends a message; with <see cref="Overflow.Wait"/> it waits for room in the mailbox.</summary>
    /// <param name="message">An immutable message.</param>
    /// <param name="sender">Who gets the answer, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default);
}
