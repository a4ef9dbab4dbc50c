using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>One request that awaits its answer.</summary>
internal sealed class PendingRequest : IDisposable
{
    private readonly TaskCompletionSource<LinkMessage> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ITimer _timer;
    private readonly string _what;

    public PendingRequest(TimeProvider time, TimeSpan timeout, string what)
    {
        _what = what;
        SentAt = time.GetTimestamp();
        _timer = time.CreateTimer(
            static state => ((PendingRequest)state!).TryFail(LinkFailure.TimedOut, "no answer in time"),
            this,
            timeout,
            Timeout.InfiniteTimeSpan);
    }

    public long SentAt { get; }

    public Task<LinkMessage> Answer => _answer.Task;

    public bool TryAnswer(LinkMessage message) => _answer.TrySetResult(message);

    public bool TryFail(LinkFailure reason, string detail) =>
        _answer.TrySetException(new LinkException(reason, $"{_what}: {detail}"));

    public bool TryCancel(CancellationToken ct) => _answer.TrySetCanceled(ct);

    public void Dispose() => _timer.Dispose();
}
