using SigmaComms.Actors.Scheduling;

namespace SigmaComms.Actors;

/// <summary>
/// The sender of an ask: completes with the first answer. It lies in the lists of its target and of its clock.
/// </summary>
internal abstract class AskPromise(IActorRef target) : IActorRef
{
    private static long _lastUid;

    private CancellationTokenRegistration _registration;
    private ActorPath? _path;

    public ActorPath Path => _path
        ?? Interlocked.CompareExchange(ref _path, MakePath(), null)
        ?? _path;

    public AskPromise? NextOfTarget { get; set; }

    public AskPromise? PreviousOfTarget { get; set; }

    public AskPromise? NextOfClock { get; set; }

    public AskPromise? PreviousOfClock { get; set; }

    /// <summary>Where it waits for its time-out, or null.</summary>
    public AskLane? Lane { get; set; }

    /// <summary>When it began, on the system's clock.</summary>
    public long Began { get; set; }

    protected IActorRef Target => target;

    protected abstract bool IsCompleted { get; }

    private ActorSystem System => target is ActorCell cell ? cell.System : ForeignActorRef.Of(target).System;

    private IAskTarget Asked => target is ActorCell cell ? cell.Watched : ForeignActorRef.Of(target);

    public void Begin(object message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!Asked.TryAddAsk(this))
        {
            FailTerminated();
        }

        System.AskClock.Add(this, timeout);
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((AskPromise)state!).Completed(((AskPromise)state).TryCancel(token)), this);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            Leave();
            return;
        }

        SendResult sent = target.TryTell(message, this);
        if (sent == SendResult.Terminated)
        {
            FailTerminated();
        }
        else if (sent != SendResult.Accepted)
        {
            Fail(new AskTimeoutException($"{target.Path} refused the question: {sent}."));
        }

        if (IsCompleted)
        {
            Leave();
        }
    }

    public void FailTerminated() =>
        Fail(new AskTargetTerminatedException($"{target.Path} ended before it answered."));

    public void FailUnreachable(string reason) =>
        Fail(new AskTargetTerminatedException($"{target.Path} cannot answer: {reason}."));

    public void FailTimeout() => Fail(new AskTimeoutException($"{target.Path} gave no answer in time."));

    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    public SendResult TryTell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Completed(message is Failure failure ? TryFail(failure.Cause) : TryAnswer(message)))
        {
            return SendResult.Accepted;
        }

        System.DeadLetters.Publish(message, sender, this, "the ask has ended");
        return SendResult.Terminated;
    }

    public ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TryTell(message, sender));

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    protected abstract bool TryAnswer(object message);

    protected abstract bool TryFail(Exception cause);

    protected abstract bool TryCancel(CancellationToken cancellationToken);

    private void Fail(Exception cause) => Completed(TryFail(cause));

    private bool Completed(bool first)
    {
        if (first)
        {
            Leave();
        }

        return first;
    }

    private void Leave()
    {
        Asked.RemoveAsk(this);
        Lane?.Remove(this);
        _registration.Unregister();
    }

    private ActorPath MakePath() => new(target.Path.System, "/temp/ask", Interlocked.Increment(ref _lastUid));
}
