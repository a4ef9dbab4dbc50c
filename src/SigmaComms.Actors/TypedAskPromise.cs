namespace SigmaComms.Actors;

/// <summary>An ask that expects answers of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
internal sealed class TypedAskPromise<T>(IActorRef target) : AskPromise(target)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    protected override bool IsCompleted => _answer.Task.IsCompleted;

    protected override bool TryAnswer(object message) => message is T fitting
        ? _answer.TrySetResult(fitting)
        : TryFail(new InvalidCastException(
            $"{Target.Path} answered with {message.GetType().Name}, not {typeof(T).Name}."));

    protected override bool TryFail(Exception cause) => _answer.TrySetException(cause);

    protected override bool TryCancel(CancellationToken cancellationToken) =>
        _answer.TrySetCanceled(cancellationToken);
}
