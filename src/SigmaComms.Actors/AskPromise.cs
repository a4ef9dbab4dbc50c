namespace SigmaComms.Actors;

/// <summary>The sender of an ask: completes with the first answer.</summary>
internal sealed class AskPromise : IActorRef
{
    private static long _lastUid;

    private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorCell _target;

    public AskPromise(ActorCell target)
    {
        _target = target;
        Path = new ActorPath(target.Path.System, "/temp/ask", Interlocked.Increment(ref _lastUid));
    }

    public ActorPath Path { get; }

    public async Task<object> AskAsync(object message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_target.Watched.TryAddAsk(this))
        {
            FailTerminated(_target.Path);
        }

        await using ITimer timer = _target.System.Time.CreateTimer(
            static state => ((AskPromise)state!).FailTimeout(), this, timeout, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration registration =
            cancellationToken.Register(() => _answer.TrySetCanceled(cancellationToken));
        try
        {
            SendResult sent = _target.TryTell(message, this);
            if (sent is not SendResult.Accepted and not SendResult.Terminated)
            {
                _answer.TrySetException(new AskTimeoutException($"{_target.Path} refused the question: {sent}."));
            }

            return await _answer.Task;
        }
        finally
        {
            _target.Watched.RemoveAsk(this);
        }
    }

    public void FailTerminated(ActorPath target) =>
        _answer.TrySetException(new AskTargetTerminatedException($"{target} ended before it answered."));

    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    public SendResult TryTell(object message, IActorRef? sender = null)
    {
        bool first = message is Failure failure
            ? _answer.TrySetException(failure.Cause)
            : _answer.TrySetResult(message);
        if (first)
        {
            return SendResult.Accepted;
        }

        _target.System.DeadLetters.Publish(message, sender, this, "the ask has ended");
        return SendResult.Terminated;
    }

    public ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TryTell(message, sender));

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    private void FailTimeout() =>
        _answer.TrySetException(new AskTimeoutException($"{_target.Path} gave no answer in time."));
}
