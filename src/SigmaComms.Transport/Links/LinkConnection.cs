using System.Buffers;
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
    private readonly LinkPath _path;
    private readonly LinkOptions _options;
    private readonly LinkWriter _writer;
    private readonly SemaphoreSlim _pendingRoom;
    private readonly OutgoingRequests _pending;
    private readonly IncomingRequests _requests;
    private readonly IncomingPushes _pushes;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _outOfPatience = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<LinkClosed> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LinkClosed? _ending;
    private ITimer? _patience;
    private Digest16? _offered;
    private Task _keepingFresh = Task.CompletedTask;
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
        _path = new LinkPath(new LinkTransport(transport), options, _stop.Token);
        _options = options;
        PeerId = peerId;
        _requests = new IncomingRequests(options.IncomingRequestsMax);
        _writer = new LinkWriter(options, _requests);
        _pendingRoom = new SemaphoreSlim(options.PendingRequestsMax);
        _pending = new OutgoingRequests(options, _writer, _pendingRoom, _stop.Token);
        _pushes = new IncomingPushes(
            HandlePushAsync, FailHandler, options.IncomingPushesMax, options.IncomingPushBytesMax);
    }

    /// <summary>
    /// What to do with a message of the peer; for a request the second argument takes the answer, for a push it is
    /// null. Pushes are handled in the order of arrival, each after the one before is done; requests begin in the
    /// order of arrival and go on side by side after their first await. Answers are read meanwhile, so it may await
    /// requests over this same link. It must not block its thread, nor await <see cref="DisposeAsync"/> or
    /// <see cref="CloseAsync"/>; <see cref="Abort"/> is allowed. Set it before <see cref="Start"/>.
    /// </summary>
    public Func<LinkMessage, ReplyTo?, ValueTask>? OnMessage { get; set; }

    /// <summary>Who the channel proved to be on the other side.</summary>
    public NodeId PeerId { get; }

    /// <summary>
    /// Completes, never with an error, once the link has ended. No handler begins after it; those of requests may
    /// still be at work, and <see cref="DisposeAsync"/> awaits them.
    /// </summary>
    public Task<LinkClosed> Closed => _closed.Task;

    /// <summary>
    /// Completes, never with an error, when the connection that the link was made over is closed: with the link, or
    /// before, when the link has moved to another one.
    /// </summary>
    public Task FirstConnectionClosed => _path.First.Closed;

    /// <summary>Whether the link is at its end: nothing more is sent.</summary>
    public bool IsEnding => Volatile.Read(ref _ending) is not null;

    /// <summary>Smoothed time from request to answer; zero before the first.</summary>
    public TimeSpan SmoothedRoundTrip => _pending.SmoothedRoundTrip;

    /// <summary>Requests that await their answer.</summary>
    public int PendingRequests => _pending.Count;

    /// <summary>Changes how many requests of the peer may be in work at once, now that it is known who it is.</summary>
    /// <param name="max">See <see cref="LinkOptions.IncomingRequestsMax"/>.</param>
    public void AllowRequests(int max)
    {
        LinkOptions.Require(max, nameof(max));
        _requests.Max = max;
    }

    /// <summary>Where the peer's renewals of this link are announced and judged; null if it may not renew it.</summary>
    internal (LinkRenewals Table, Func<Renew, LinkMessage> Judge)? Renewable { get; set; }

    /// <summary>
    /// Gives the link a new connection with a new handshake again and again, until it ends. The new connection takes
    /// over without a trace in what the link carries: nothing is lost, doubled or reordered, no request fails. For the
    /// side that dialled, once, after <see cref="Start"/>.
    /// </summary>
    /// <param name="freshness">How.</param>
    public void KeepFresh(LinkFreshness freshness)
    {
        ArgumentNullException.ThrowIfNull(freshness);
        _keepingFresh = new LinkRenewal(this, freshness, _options.Time).RunAsync(_stop.Token);
    }

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
    public ValueTask<LinkMessage> RequestAsync(LinkMessage request, TimeSpan timeout, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _pending.AskAsync(request, timeout, ct);
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
            await _writer.SendAsync(new OutgoingFrame(push, FrameKind.Push, 0), ct);
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
    public bool TrySend(LinkMessage push) => _writer.TrySend(new OutgoingFrame(push, FrameKind.Push, 0));

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
        LosePatience();
        Start();
    }

    /// <summary>
    /// Ends the link after what waits was written and the handlers at work are done, or
    /// <see cref="LinkOptions.CloseTimeout"/> has passed since the end began. May be called twice.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        End(new LinkClosed(null, "this side closed the link", ByPeer: false), null);
        Start();
        await _closed.Task;
        await Task.WhenAny(Task.WhenAll(_requests.WhenNoneRunsAsync(), _keepingFresh), _outOfPatience.Task);
    }

    /// <summary>As <see cref="CloseAsync"/>, without waiting for the end.</summary>
    internal void BeginClose(RefusalReason reason, string detail) => EndWith(reason, detail);

    /// <summary>Ends the link because what serves it failed: that is a bug, and the link's owner finds it.</summary>
    internal void Fail(Exception error) => FailHandler(error);

    /// <summary>Moves to a connection that this side made and the peer welcomed.</summary>
    /// <param name="next">The connection; the link's from here on.</param>
    /// <param name="timeout">How long the peer may take to move too; after that the link ends.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <exception cref="LinkException">The link has ended, or the peer did not move.</exception>
    internal async Task MoveAsync(LinkTransport next, TimeSpan timeout, CancellationToken ct)
    {
        if (_path.TryBegin(next, isDialler: true) is not { } move)
        {
            await next.CloseAsync();
            throw new LinkException(LinkFailure.Dropped, "the link ended before it could move");
        }

        await _writer.PostAsync(new OutgoingFrame(new Moved(), FrameKind.Push, 0, Move: move));
        try
        {
            await Task.WhenAll(move.Written, move.Read).WaitAsync(timeout, _options.Time, ct);
        }
        catch (TimeoutException)
        {
            EndWith(RefusalReason.TimedOut, "the peer did not move to the new connection");
            throw new LinkException(LinkFailure.TimedOut, "the peer did not move to the new connection");
        }
    }

    /// <summary>Awaits that the peer moves to a connection that it made.</summary>
    /// <returns>Null if the link has ended.</returns>
    internal LinkMove? Expect(LinkTransport next) => _path.TryBegin(next, isDialler: false);

    /// <summary>The peer will not move there after all.</summary>
    internal Task AbandonAsync(LinkMove move) => _path.AbandonAsync(move);

    /// <summary>Completes when the connection is closed: the link left it, or did not come to it in time.</summary>
    internal async Task ServeMoveAsync(LinkMove move, TimeSpan timeout)
    {
        try
        {
            await move.Read.WaitAsync(timeout, _options.Time, _stop.Token);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await _path.AbandonAsync(move);
        }

        await move.Next.Closed;
    }

    internal async ValueTask AnswerAsync(ulong correlation, LinkMessage answer)
    {
        var frame = new OutgoingFrame(answer, FrameKind.Reply, correlation, EndsRequest: true);
        if (!_writer.TrySend(frame))
        {
            await _writer.PostAsync(frame);
        }
    }

    private async Task RunAsync()
    {
        Task reading = ReadAsync();
        Task writing = WriteAsync(reading);
        await Task.WhenAny(writing, reading);
        if (reading.IsCompleted)
        {
            await writing;
        }

        StopLoops();
        await Task.WhenAll(writing, reading);
        Renewable?.Table.Withdraw(this, _offered);
        Task closing = _path.CloseAsync();
        await Task.WhenAny(_pushes.WhenEmptyAsync(), _outOfPatience.Task);
        _pushes.Close();
        await closing;
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
                LinkTransport transport = _path.Reading;
                ReadResult result = await transport.Input.ReadAsync(_stop.Token);
                ReadOnlySequence<byte> rest = result.Buffer;
                SequencePosition start = rest.Start;
                LinkMove? move = null;
                while (more && move is null && LinkCodec.TryRead(ref rest, out LinkFrame frame) is var status
                    && status != FrameStatus.NeedMore)
                {
                    more = frame is { Kind: FrameKind.Push, Message: Moved }
                        ? TryFollow(out move)
                        : Accept(status, frame, result.Buffer.Slice(start, rest.Start).Length);
                    start = rest.Start;
                }

                transport.Input.AdvanceTo(rest.Start, rest.End);
                if (move is not null)
                {
                    _path.Retire(transport, move);
                    continue;
                }

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

    /// <summary>Takes one frame. Never waits: whatever a handler does, the answers behind the frame are read.</summary>
    /// <returns>Whether the link goes on.</returns>
    private bool Accept(FrameStatus status, LinkFrame frame, long bytes)
    {
        switch (status)
        {
            case FrameStatus.Read:
                return Dispatch(frame, bytes);
            case FrameStatus.UnknownMessage:
                if (frame.Kind == FrameKind.Reply)
                {
                    _pending.OnAnswer(frame);
                }

                return frame.Kind != FrameKind.Request
                    || Answer(
                        frame.Correlation, new Refused(RefusalReason.UnknownMessage, "this node does not know it"));
            case FrameStatus.TooLarge:
                return EndWith(RefusalReason.TooLarge, "a frame of the peer is too large");
            default:
                return EndWith(RefusalReason.Malformed, "a frame of the peer is malformed");
        }
    }

    private bool Dispatch(LinkFrame frame, long bytes)
    {
        if (frame.Kind == FrameKind.Reply)
        {
            _pending.OnAnswer(frame);
            return true;
        }

        if (frame.Message is Goodbye goodbye)
        {
            End(new LinkClosed(goodbye.Reason, goodbye.Detail, ByPeer: true), null);
            return false;
        }

        if (frame.Kind == FrameKind.Push)
        {
            // Neither may a push wait in the way of answers, nor be lost unnoticed: who pushes more than its window
            // loses the link, and both sides know from then on that what was on its way must be settled anew.
            return _pushes.TryAccept(frame.Message!, bytes)
                || EndWith(RefusalReason.Overloaded, "more pushes came than can wait for their handler");
        }

        if (frame.Message is OfferRenewal offer)
        {
            return Answer(frame.Correlation, AcceptOffer(offer));
        }

        if (!_requests.TryBegin())
        {
            return Answer(
                frame.Correlation, new Refused(RefusalReason.Overloaded, "too many requests are in work; try again"));
        }

        _ = ServeAsync(frame.Message!, new ReplyTo(this, frame.Correlation));
        return true;
    }

    private bool EndWith(RefusalReason reason, string detail)
    {
        End(new LinkClosed(reason, detail, ByPeer: false), new Goodbye(reason, detail));
        return false;
    }

    private LinkMessage AcceptOffer(OfferRenewal offer)
    {
        if (Renewable is not { } renewable)
        {
            return new Refused(RefusalReason.UnknownMessage, "this link is not renewed");
        }

        renewable.Table.Offer(this, _offered, offer.Token);
        _offered = offer.Token;
        return new Done();
    }

    /// <summary>The peer sends no more on the connection that is read.</summary>
    private bool TryFollow(out LinkMove? move)
    {
        move = _path.Follow();
        if (move is null)
        {
            return EndWith(RefusalReason.Malformed, "the peer moves, and there is no connection to move to");
        }

        if (!move.IsDialler)
        {
            _ = _writer.PostAsync(new OutgoingFrame(new Moved(), FrameKind.Push, 0, Move: move));
        }

        return true;
    }

    /// <summary>Answers a request that was not begun.</summary>
    /// <returns>Whether the link goes on.</returns>
    private bool Answer(ulong correlation, LinkMessage answer) =>
        _writer.TryAnswer(correlation, answer)
        || EndWith(RefusalReason.Overloaded, "requests come without end and no answers are read");

    private ValueTask HandlePushAsync(LinkMessage push) => OnMessage?.Invoke(push, null) ?? ValueTask.CompletedTask;

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
            FailHandler(error);
        }
        finally
        {
            _requests.Stopped();
        }
    }

    /// <summary>See ReadAsync: a handler's error ends this link only.</summary>
    private void FailHandler(Exception error)
    {
        End(new LinkClosed(null, $"a handler failed: {error.Message}", ByPeer: false, error), null);
        StopLoops();
    }

    private async Task WriteAsync(Task reading)
    {
        LinkClosed end = await _writer.RunAsync(_path.First.Output, _stop.Token);
        End(await LastWord.HeardAsync(end, reading, _options, _stop.Token), null);
    }

    private void End(LinkClosed ending, LinkMessage? lastWord)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null)
        {
            return;
        }

        _writer.Complete(lastWord);
        _patience = _options.Time.CreateTimer(
            static link => ((LinkConnection)link!).LosePatience(),
            this,
            _options.CloseTimeout,
            Timeout.InfiniteTimeSpan);
        _pending.FailAll(ending.Detail);
    }

    /// <summary>Nothing more is written, and no handler awaited any longer.</summary>
    private void LosePatience()
    {
        _outOfPatience.TrySetResult();
        StopLoops();
    }
}
