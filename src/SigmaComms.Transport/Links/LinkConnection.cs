using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// Requests, replies and pushes over one secured connection. Every pending request fails at once when the link ends.
/// What breaks the format closes this link with a reason, and touches nothing else.
/// </summary>
/// <remarks>Safe to call from any thread. Owns the connection it was given.</remarks>
public sealed class LinkConnection : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly IDuplexPipe _transport;
    private readonly LinkOptions _options;
    private readonly ConcurrentDictionary<ulong, PendingRequest> _pending = new();
    private readonly Channel<OutgoingFrame> _outgoing;
    private readonly SemaphoreSlim _pendingRoom;
    private readonly SemaphoreSlim _incomingRoom;
    private readonly CancellationTokenSource _stop = new();

    private readonly TaskCompletionSource<LinkClosed> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LinkClosed? _ending;
    private ulong _correlation;
    private long _roundTripTicks;
    private int _started;

    /// <summary>Takes over a connection. Nothing is read before <see cref="Start"/>.</summary>
    /// <param name="transport">The secured bytes; disposed with the link if it can be.</param>
    /// <param name="peerId">Who the channel proved to be on the other side.</param>
    /// <param name="options">The bounds.</param>
    public LinkConnection(IDuplexPipe transport, NodeId peerId, LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _transport = transport;
        _options = options;
        PeerId = peerId;
        _outgoing = Channel.CreateBounded<OutgoingFrame>(
            new BoundedChannelOptions(options.OutgoingMessagesMax) { SingleReader = true });
        _pendingRoom = new SemaphoreSlim(options.PendingRequestsMax);
        _incomingRoom = new SemaphoreSlim(options.IncomingRequestsMax);
    }

    /// <summary>
    /// What to do with a message of the peer; for a request the second argument takes the answer, for a push it is
    /// null. Called in the order of arrival. A push is awaited before the next message is read; requests go on side
    /// by side after their first await, as many as the options allow. Set it before <see cref="Start"/>. Do not await
    /// <see cref="DisposeAsync"/> or <see cref="CloseAsync"/> in it; <see cref="Abort"/> is allowed.
    /// </summary>
    public Func<LinkMessage, ReplyTo?, ValueTask>? OnMessage { get; set; }

    /// <summary>Who the channel proved to be on the other side.</summary>
    public NodeId PeerId { get; }

    /// <summary>Completes, never with an error, once the link has ended.</summary>
    public Task<LinkClosed> Closed => _closed.Task;

    /// <summary>Whether the link is at its end: nothing more is sent.</summary>
    public bool IsEnding => Volatile.Read(ref _ending) is not null;

    /// <summary>Smoothed time from request to answer; zero before the first.</summary>
    public TimeSpan SmoothedRoundTrip => new(Interlocked.Read(ref _roundTripTicks));

    /// <summary>Requests that await their answer.</summary>
    public int PendingRequests => _pending.Count;

    /// <summary>Begins to read and write.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _ = RunAsync();
        }
    }

    /// <summary>Sends a request and awaits its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <returns>The answer; it may be a <see cref="Refused"/>.</returns>
    /// <exception cref="LinkException">The link ended, or no answer came in time.</exception>
    public async ValueTask<LinkMessage> RequestAsync(LinkMessage request, TimeSpan timeout, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        await EnterAsync(request, timeout, ct);
        ulong correlation = Interlocked.Increment(ref _correlation);
        using var pending = new PendingRequest(_options.Time, timeout, request.GetType().Name);
        try
        {
            _pending[correlation] = pending;
            using CancellationTokenRegistration cancelled = ct.UnsafeRegister(
                static (state, token) => ((PendingRequest)state!).TryCancel(token), pending);
            var frame = new OutgoingFrame(request, FrameKind.Request, correlation);
            if (!_outgoing.Writer.TryWrite(frame))
            {
                await Task.WhenAny(PostAsync(frame), pending.Answer);
            }

            if (Volatile.Read(ref _ending) is { } ending)
            {
                pending.TryFail(LinkFailure.Dropped, ending.Detail);
            }

            LinkMessage answer = await pending.Answer;
            NoteRoundTrip(_options.Time.GetElapsedTime(pending.SentAt));
            return answer;
        }
        finally
        {
            _pending.TryRemove(correlation, out _);
            _pendingRoom.Release();
        }
    }

    /// <summary>Sends a request whose answer must be of one kind.</summary>
    /// <typeparam name="T">The answer that fits.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <exception cref="LinkException">The link ended, no answer in time, a refusal, or another answer.</exception>
    public async ValueTask<T> RequestAsync<T>(LinkMessage request, TimeSpan timeout, CancellationToken ct)
        where T : LinkMessage
    {
        ArgumentNullException.ThrowIfNull(request);
        LinkMessage answer = await RequestAsync(request, timeout, ct);
        return answer switch
        {
            T fitting => fitting,
            Refused refusal => throw new LinkException(refusal),
            _ => throw new LinkException(
                LinkFailure.Unexpected, $"{request.GetType().Name} was answered with {answer.GetType().Name}"),
        };
    }

    /// <summary>Sends a message that needs no answer. Waits while too much is waiting to be written.</summary>
    /// <param name="push">The message.</param>
    /// <param name="ct">Gives up the wait for room.</param>
    /// <exception cref="LinkException">The link has ended.</exception>
    public async ValueTask SendAsync(LinkMessage push, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(push);
        try
        {
            await _outgoing.Writer.WriteAsync(new OutgoingFrame(push, FrameKind.Push, 0), ct);
        }
        catch (ChannelClosedException)
        {
            throw new LinkException(
                LinkFailure.Dropped, $"{push.GetType().Name}: {_ending?.Detail ?? "the link ended"}");
        }
    }

    /// <summary>Sends a message that needs no answer, unless too much is waiting or the link ended.</summary>
    /// <param name="push">The message.</param>
    /// <returns>Whether it was taken.</returns>
    public bool TrySend(LinkMessage push) => _outgoing.Writer.TryWrite(new OutgoingFrame(push, FrameKind.Push, 0));

    /// <summary>Says goodbye with a reason, as far as the peer takes it, and ends the link.</summary>
    /// <param name="reason">Why, for the peer's program.</param>
    /// <param name="detail">Why, for people.</param>
    public async ValueTask CloseAsync(RefusalReason reason, string detail)
    {
        End(new LinkClosed(reason, detail, ByPeer: false), new Goodbye(reason, detail));
        await DisposeAsync();
    }

    /// <summary>Ends the link at once: nothing waiting is written, every pending request fails.</summary>
    /// <param name="detail">Why, for people.</param>
    public void Abort(string detail)
    {
        End(new LinkClosed(null, detail, ByPeer: false), null);
        _stop.Cancel();
        Start();
    }

    /// <summary>Ends the link after what waits was written. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new LinkClosed(null, "this side closed the link", ByPeer: false), null);
        Start();
        await _closed.Task;
    }

    internal async ValueTask AnswerAsync(ulong correlation, LinkMessage answer)
    {
        var frame = new OutgoingFrame(answer, FrameKind.Reply, correlation);
        if (!_outgoing.Writer.TryWrite(frame))
        {
            await PostAsync(frame);
        }
    }

    private async ValueTask EnterAsync(LinkMessage request, TimeSpan timeout, CancellationToken ct)
    {
        if (await _pendingRoom.WaitAsync(0, ct))
        {
            return;
        }

        using var late = new CancellationTokenSource(timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token, ct);
        try
        {
            await _pendingRoom.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new LinkException(
                _stop.IsCancellationRequested ? LinkFailure.Dropped : LinkFailure.TimedOut,
                $"{request.GetType().Name}: too many requests await their answer");
        }
    }

    private async Task PostAsync(OutgoingFrame frame)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(frame, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // The link ended: a request fails through its pending entry, an answer has nobody to read it.
        }
    }

    private async Task RunAsync()
    {
        Task writing = WriteAsync();
        Task reading = ReadAsync();
        await Task.WhenAny(writing, reading);
        if (reading.IsCompleted)
        {
            await writing;
        }

        StopLoops();
        await Task.WhenAll(writing, reading);
        await CloseTransportAsync();
        _closed.TrySetResult(_ending!);
    }

    /// <summary>Ends both loops now, on this thread: nothing of a link waits for another one.</summary>
    private void StopLoops() => _stop.Cancel();

    private async Task ReadAsync()
    {
        try
        {
            bool more = true;
            while (more)
            {
                ReadResult result = await _transport.Input.ReadAsync(_stop.Token);
                ReadOnlySequence<byte> rest = result.Buffer;
                while (more && LinkCodec.TryRead(ref rest, out LinkFrame frame) is var status
                    && status != FrameStatus.NeedMore)
                {
                    more = await AcceptAsync(status, frame);
                }

                _transport.Input.AdvanceTo(rest.Start, rest.End);
                more = more && !result.IsCompleted && !result.IsCanceled;
            }

            End(new LinkClosed(null, "the peer closed the link", ByPeer: true), null);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            End(new LinkClosed(null, "this side closed the link", ByPeer: false), null);
        }
        catch (Exception error)
        {
            // The link supervises its two loops: whatever the transport or a handler threw ends this link only,
            // and its owner finds the error in the reason.
            End(new LinkClosed(null, $"the link broke: {error.Message}", ByPeer: true, error), null);
        }
    }

    private async ValueTask<bool> AcceptAsync(FrameStatus status, LinkFrame frame)
    {
        switch (status)
        {
            case FrameStatus.Read:
                return await DispatchAsync(frame);
            case FrameStatus.UnknownMessage:
                if (frame.Kind == FrameKind.Request)
                {
                    await AnswerAsync(
                        frame.Correlation, new Refused(RefusalReason.UnknownMessage, "this node does not know it"));
                }
                else if (frame.Kind == FrameKind.Reply && _pending.TryGetValue(frame.Correlation, out var pending))
                {
                    pending.TryFail(LinkFailure.Unexpected, "the answer is of an unknown kind");
                }

                return true;
            default:
                RefusalReason reason = status == FrameStatus.TooLarge
                    ? RefusalReason.TooLarge
                    : RefusalReason.Malformed;
                string detail = reason == RefusalReason.TooLarge
                    ? "a frame of the peer is too large"
                    : "a frame of the peer is malformed";
                End(new LinkClosed(reason, detail, ByPeer: false), new Goodbye(reason, detail));
                return false;
        }
    }

    private async ValueTask<bool> DispatchAsync(LinkFrame frame)
    {
        if (frame.Kind == FrameKind.Reply)
        {
            // An answer that nobody awaits came too late; its request has failed already.
            if (_pending.TryGetValue(frame.Correlation, out PendingRequest? pending))
            {
                pending.TryAnswer(frame.Message!);
            }

            return true;
        }

        if (frame.Message is Goodbye goodbye)
        {
            End(new LinkClosed(goodbye.Reason, goodbye.Detail, ByPeer: true), null);
            return false;
        }

        if (frame.Kind == FrameKind.Push)
        {
            await (OnMessage?.Invoke(frame.Message!, null) ?? ValueTask.CompletedTask);
            return true;
        }

        await _incomingRoom.WaitAsync(_stop.Token);
        _ = ServeAsync(frame.Message!, new ReplyTo(this, frame.Correlation));
        return true;
    }

    private async Task ServeAsync(LinkMessage request, ReplyTo reply)
    {
        try
        {
            if (OnMessage is { } handler)
            {
                await handler(request, reply);
            }

            if (!reply.IsAnswered)
            {
                await reply.RefuseAsync(
                    RefusalReason.UnknownMessage, $"{request.GetType().Name} is not expected on this link");
            }
        }
        catch (Exception error)
        {
            // See ReadAsync: a handler's error ends this link only.
            End(new LinkClosed(null, $"a handler failed: {error.Message}", ByPeer: false, error), null);
            StopLoops();
        }
        finally
        {
            _incomingRoom.Release();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            PipeWriter output = _transport.Output;
            while (await _outgoing.Reader.WaitToReadAsync(_stop.Token))
            {
                long unflushed = 0;
                while (unflushed < FlushBytes && _outgoing.Reader.TryRead(out OutgoingFrame frame))
                {
                    LinkCodec.Write(frame.Message, frame.Kind, frame.Correlation, output);
                    unflushed = output.CanGetUnflushedBytes ? output.UnflushedBytes : FlushBytes;
                }

                FlushResult flushed = await FlushAsync(output);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    End(new LinkClosed(null, "the peer closed the link", ByPeer: true), null);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            End(new LinkClosed(null, "this side closed the link", ByPeer: false), null);
        }
        catch (TimeoutException)
        {
            End(new LinkClosed(RefusalReason.TimedOut, "the peer takes no bytes", ByPeer: false), null);
        }
        catch (Exception error)
        {
            // See ReadAsync.
            End(new LinkClosed(null, $"the link broke: {error.Message}", ByPeer: true, error), null);
        }
    }

    private async ValueTask<FlushResult> FlushAsync(PipeWriter output)
    {
        ValueTask<FlushResult> flush = output.FlushAsync(_stop.Token);
        return flush.IsCompleted
            ? await flush
            : await flush.AsTask().WaitAsync(_options.WriteTimeout, _options.Time, _stop.Token);
    }

    private void End(LinkClosed ending, LinkMessage? lastWord)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null)
        {
            return;
        }

        if (lastWord is not null)
        {
            _outgoing.Writer.TryWrite(new OutgoingFrame(lastWord, FrameKind.Push, 0));
        }

        _outgoing.Writer.TryComplete();
        foreach (PendingRequest pending in _pending.Values)
        {
            pending.TryFail(LinkFailure.Dropped, ending.Detail);
        }
    }

    private async ValueTask CloseTransportAsync()
    {
        try
        {
            if (_transport is IAsyncDisposable owned)
            {
                await owned.DisposeAsync();
            }
            else
            {
                await _transport.Output.CompleteAsync();
                await _transport.Input.CompleteAsync();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is gone either way.
            Interlocked.CompareExchange(ref _ending, new LinkClosed(null, error.Message, ByPeer: true, error), null);
        }
    }

    private void NoteRoundTrip(TimeSpan sample)
    {
        long before = Interlocked.Read(ref _roundTripTicks);
        long after = before == 0 ? sample.Ticks : before + ((sample.Ticks - before) / 8);
        Interlocked.Exchange(ref _roundTripTicks, Math.Max(1, after));
    }
}
