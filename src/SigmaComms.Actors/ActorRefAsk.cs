namespace SigmaComms.Actors;

/// <summary>Questions to actors from outside of actors.</summary>
public static class ActorRefAsk
{
    /// <summary>Sends a question and waits for its answer.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="actor">Whom to ask.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait, on the system's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    /// <exception cref="AskTargetTerminatedException">The actor ended before it answered.</exception>
    /// <exception cref="InvalidCastException">The answer has another type.</exception>
    public static Task<T> Ask<T>(
        this IActorRef actor, object message, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        TypedAskPromise<T> promise = new(actor as ActorCell ?? (IActorRef)ForeignActorRef.Of(actor));
        promise.Begin(message, timeout, cancellationToken);
        return promise.Answer;
    }
}
