using System.Collections.Concurrent;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>This side's requests that await their answers. All of them fail at once when the link ends.</summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="options">The bounds.</param>
/// <param name="writer">What sends them.</param>
/// <param name="room">Has a place for each request that may await its answer.</param>
/// <param name="stop">The link's loops end.</param>
internal sealed class OutgoingRequests(
    LinkOptions options, LinkWriter writer, SemaphoreSlim room, CancellationToken stop)
{
    private readonly ConcurrentDictionary<ulong, PendingRequest> _pending = new();
    private string? _ending;
    private ulong _correlation;
    private long _roundTripTicks;

    /// <summary>Requests that await their answer.</summary>
    public int Count => _pending.Count;

    /// <summary>Smoothed time from request to answer; zero before the first.</summary>
    public TimeSpan SmoothedRoundTrip => new(Interlocked.Read(ref _roundTripTicks));

    /// <summary>Sends a request and awaits its answer.</summary>
    /// <exception cref="LinkException">The link ended, or no answer came in time.</exception>
    public async ValueTask<LinkMessage> AskAsync(LinkMessage request, TimeSpan timeout, CancellationToken ct)
    {
        await EnterAsync(request, timeout, ct);
        ulong correlation = Interlocked.Increment(ref _correlation);
        using var pending = new PendingRequest(options.Time, timeout, request.GetType().Name);
        try
        {
            _pending[correlation] = pending;
            using CancellationTokenRegistration cancelled = ct.UnsafeRegister(
                static (state, token) => ((PendingRequest)state!).TryCancel(token), pending);
            var frame = new OutgoingFrame(request, FrameKind.Request, correlation);
            if (!writer.TrySend(frame))
            {
                await Task.WhenAny(writer.PostAsync(frame), pending.Answer);
            }

            if (Volatile.Read(ref _ending) is { } ending)
            {
                pending.TryFail(LinkFailure.Dropped, ending);
            }

            LinkMessage answer = await pending.Answer;
            NoteRoundTrip(options.Time.GetElapsedTime(pending.SentAt));
            return answer;
        }
        finally
        {
            _pending.TryRemove(correlation, out _);
            room.Release();
        }
    }

    /// <summary>
    /// An answer came; one without a message is of an unknown kind. One that nobody awaits came too late: its request
    /// has failed already.
    /// </summary>
    public void OnAnswer(LinkFrame answer)
    {
        if (!_pending.TryGetValue(answer.Correlation, out PendingRequest? pending))
        {
            return;
        }

        if (answer.Message is { } message)
        {
            pending.TryAnswer(message);
        }
        else
        {
            pending.TryFail(LinkFailure.Unexpected, "the answer is of an unknown kind");
        }
    }

    /// <summary>The link ends: all that wait fail, and all that come.</summary>
    /// <param name="detail">Why.</param>
    public void FailAll(string detail)
    {
        Volatile.Write(ref _ending, detail);
        foreach (PendingRequest pending in _pending.Values)
        {
            pending.TryFail(LinkFailure.Dropped, detail);
        }
    }

    private async ValueTask EnterAsync(LinkMessage request, TimeSpan timeout, CancellationToken ct)
    {
        if (await room.WaitAsync(0, ct))
        {
            return;
        }

        using var late = new CancellationTokenSource(timeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop, ct);
        try
        {
            await room.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LinkException(
                stop.IsCancellationRequested ? LinkFailure.Dropped : LinkFailure.TimedOut,
                $"{request.GetType().Name}: too many requests await their answer");
        }
    }

    private void NoteRoundTrip(TimeSpan sample)
    {
        long before = Interlocked.Read(ref _roundTripTicks);
        long after = before == 0 ? sample.Ticks : before + ((sample.Ticks - before) / 8);
        Interlocked.Exchange(ref _roundTripTicks, Math.Max(1, after));
    }
}
