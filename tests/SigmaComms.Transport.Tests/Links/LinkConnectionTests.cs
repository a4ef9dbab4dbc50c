using System.Buffers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

public sealed class LinkConnectionTests : IAsyncDisposable
{
    private static readonly NodeId LeftId = new(Digest.Sha256("left"u8));
    private static readonly NodeId RightId = new(Digest.Sha256("right"u8));
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private readonly PipePair _pipes = new();
    private readonly LinkOptions _options;
    private LinkConnection? _left;
    private LinkConnection? _right;

    public LinkConnectionTests() => _options = new LinkOptions { Time = _time };

    private LinkConnection Left => _left ??= new LinkConnection(_pipes.Left, RightId, _options);

    private LinkConnection Right => _right ??= new LinkConnection(_pipes.Right, LeftId, _options);

    public async ValueTask DisposeAsync()
    {
        _left?.Abort("test ends");
        _right?.Abort("test ends");
        await Task.WhenAll(
            _left?.Closed ?? Task.CompletedTask, _right?.Closed ?? Task.CompletedTask);
    }

    [Fact]
    public async Task A_request_gets_the_answer_of_the_peer()
    {
        Right.OnMessage = (message, reply) => reply!.AnswerAsync(message is Ping ? new Pong() : new Done());
        StartBoth();

        LinkMessage answer = await Left.RequestAsync(new Ping(), Long, CancellationToken.None);

        Assert.IsType<Pong>(answer);
        Assert.Equal(0, Left.PendingRequests);
        Assert.True(Left.SmoothedRoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task Answers_find_their_requests_in_any_order()
    {
        var waiting = new List<(uint Index, ReplyTo Reply)>();
        Right.OnMessage = async (message, reply) =>
        {
            waiting.Add((((GetFragment)message).Offset, reply!));
            if (waiting.Count == 50)
            {
                await AnswerBackwardsAsync(waiting);
            }
            else
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time);
            }
        };
        StartBoth();

        Task<PrekeysStored>[] requests = [.. Enumerable.Range(0, 50).Select(i => Left.RequestAsync<PrekeysStored>(
            new GetFragment(default, (uint)i, 0), Long, CancellationToken.None).AsTask())];

        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal((uint)i, (await requests[i]).Remaining);
        }
    }

    [Fact]
    public async Task A_refusal_is_told_apart_from_an_answer()
    {
        Right.OnMessage = (_, reply) => reply!.RefuseAsync(RefusalReason.NotFound, "no such account");
        StartBoth();

        LinkException error = await Assert.ThrowsAsync<LinkException>(() => Left.RequestAsync<AccountFound>(
            new FetchAccount("nobody", null), Long, CancellationToken.None).AsTask());

        Assert.Equal(LinkFailure.Refused, error.Reason);
        Assert.Equal(RefusalReason.NotFound, error.Refusal!.Reason);
    }

    [Fact]
    public async Task An_answer_of_another_kind_is_unexpected()
    {
        Right.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        StartBoth();

        LinkException error = await Assert.ThrowsAsync<LinkException>(() =>
            Left.RequestAsync<Done>(new Ping(), Long, CancellationToken.None).AsTask());

        Assert.Equal(LinkFailure.Unexpected, error.Reason);
    }

    [Fact]
    public async Task A_request_without_a_handler_is_refused_and_the_link_stays()
    {
        StartBoth();

        LinkMessage first = await Left.RequestAsync(new Ping(), Long, CancellationToken.None);
        LinkMessage second = await Left.RequestAsync(new Ping(), Long, CancellationToken.None);

        Assert.Equal(RefusalReason.UnknownMessage, Assert.IsType<Refused>(first).Reason);
        Assert.IsType<Refused>(second);
    }

    [Fact]
    public async Task A_request_times_out_on_the_given_clock_and_a_late_answer_does_no_harm()
    {
        var asked = new TaskCompletionSource<ReplyTo>();
        var release = new TaskCompletionSource();
        Right.OnMessage = async (message, reply) =>
        {
            if (message is Ping)
            {
                asked.SetResult(reply!);
                await release.Task;
                await reply!.AnswerAsync(new Pong());
            }
            else
            {
                await reply!.AnswerAsync(new Done());
            }
        };
        StartBoth();
        Task<LinkMessage> request = Left.RequestAsync(new Ping(), TimeSpan.FromSeconds(2), default).AsTask();
        await asked.Task;

        _time.Advance(TimeSpan.FromSeconds(2));
        LinkException error = await Assert.ThrowsAsync<LinkException>(() => request);
        release.SetResult();
        LinkMessage next = await Left.RequestAsync(new GetClusterStatus(), Long, CancellationToken.None);

        Assert.Equal(LinkFailure.TimedOut, error.Reason);
        Assert.IsType<Done>(next);
    }

    [Fact]
    public async Task Every_pending_request_fails_at_once_when_the_link_drops()
    {
        var asked = new CountdownEvent(20);
        var all = new TaskCompletionSource();
        Right.OnMessage = async (_, _) =>
        {
            if (asked.Signal())
            {
                all.SetResult();
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, _time);
        };
        StartBoth();
        Task<LinkMessage>[] requests = [.. Enumerable.Range(0, 20).Select(_ =>
            Left.RequestAsync(new Ping(), Long, CancellationToken.None).AsTask())];
        await all.Task;

        Left.Abort("suspected");

        foreach (Task<LinkMessage> request in requests)
        {
            LinkException error = await Assert.ThrowsAsync<LinkException>(() => request);
            Assert.Equal(LinkFailure.Dropped, error.Reason);
        }

        Assert.Equal("suspected", (await Left.Closed).Detail);
    }

    [Fact]
    public async Task A_request_after_the_end_fails_at_once()
    {
        StartBoth();
        await Left.DisposeAsync();

        LinkException error = await Assert.ThrowsAsync<LinkException>(() =>
            Left.RequestAsync(new Ping(), Long, CancellationToken.None).AsTask());

        Assert.Equal(LinkFailure.Dropped, error.Reason);
        Assert.False(Left.TrySend(new Ping()));
        await Assert.ThrowsAsync<LinkException>(() => Left.SendAsync(new Replaced(), default).AsTask());
    }

    [Fact]
    public async Task A_goodbye_tells_the_peer_why_and_comes_after_what_was_sent()
    {
        var pushes = new List<LinkMessage>();
        Right.OnMessage = (message, _) =>
        {
            pushes.Add(message);
            return ValueTask.CompletedTask;
        };
        StartBoth();
        await Left.SendAsync(new Replaced(), CancellationToken.None);

        await Left.CloseAsync(RefusalReason.ShuttingDown, "stopping");
        LinkClosed closed = await Right.Closed;

        Assert.Equal(new LinkClosed(RefusalReason.ShuttingDown, "stopping", ByPeer: true), closed);
        Assert.IsType<Replaced>(Assert.Single(pushes));
    }

    [Fact]
    public async Task A_malformed_frame_closes_this_link_with_a_reason()
    {
        Right.Start();

        await _pipes.Left.Output.WriteAsync(new byte[] { 0, 0, 0, 1, 9 });

        LinkClosed closed = await Right.Closed;
        LinkFrame last = await ReadFrameAsync();
        Assert.Equal(RefusalReason.Malformed, closed.Reason);
        Assert.False(closed.ByPeer);
        Assert.Equal(RefusalReason.Malformed, Assert.IsType<Goodbye>(last.Message).Reason);
    }

    [Fact]
    public async Task A_frame_over_the_limit_closes_the_link_before_its_body_arrives()
    {
        Right.Start();

        await _pipes.Left.Output.WriteAsync(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF });

        Assert.Equal(RefusalReason.TooLarge, (await Right.Closed).Reason);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Random_bytes_end_the_link_without_an_error(int seed)
    {
        Console.WriteLine($"seed {seed}");
        byte[] noise = new byte[4096];
        new Random(seed).NextBytes(noise);
        Right.Start();

        await _pipes.Left.Output.WriteAsync(noise);
        await _pipes.Left.Output.CompleteAsync();

        Assert.Null((await Right.Closed).Error);
    }

    [Fact]
    public async Task An_unknown_request_is_refused_and_the_link_stays()
    {
        Right.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        Right.Start();
        byte[] unknown = Frame(new Ping(), FrameKind.Request, 5);
        unknown[4] = 0x7F;

        await _pipes.Left.Output.WriteAsync(unknown);
        LinkFrame refusal = await ReadFrameAsync();
        await _pipes.Left.Output.WriteAsync(Frame(new Ping(), FrameKind.Request, 6));
        LinkFrame answer = await ReadFrameAsync();

        Assert.Equal(5UL, refusal.Correlation);
        Assert.Equal(RefusalReason.UnknownMessage, Assert.IsType<Refused>(refusal.Message).Reason);
        Assert.IsType<Pong>(answer.Message);
    }

    [Fact]
    public async Task A_handler_that_fails_ends_the_link_and_the_error_is_told()
    {
        Right.OnMessage = (_, _) => throw new InvalidOperationException("planted");
        StartBoth();

        LinkException error = await Assert.ThrowsAsync<LinkException>(() =>
            Left.RequestAsync(new Ping(), Long, CancellationToken.None).AsTask());

        Assert.Equal(LinkFailure.Dropped, error.Reason);
        Assert.IsType<InvalidOperationException>((await Right.Closed).Error);
    }

    [Fact]
    public async Task A_peer_that_takes_no_bytes_is_given_up_after_the_write_timeout()
    {
        Left.Start();
        ValueTask send = ValueTask.CompletedTask;
        for (int i = 0; i < 3 && send.IsCompleted; i++)
        {
            send = Left.SendAsync(new Delivery(default, default, new byte[60_000]), CancellationToken.None);
        }

        Task<LinkClosed> closed = Left.Closed;
        while (!closed.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(RefusalReason.TimedOut, (await closed).Reason);
    }

    [Fact]
    public async Task Ten_thousand_requests_side_by_side_all_get_their_own_answer()
    {
        // Away from the test runner's own context, which hands on every continuation through a kernel event.
        SynchronizationContext.SetSynchronizationContext(null);
        Right.OnMessage = (message, reply) =>
            reply!.AnswerAsync(new PrekeysStored(((GetFragment)message).Offset));
        StartBoth();

        Task<PrekeysStored>[] requests = [.. Enumerable.Range(0, 10_000).Select(i =>
            Left.RequestAsync<PrekeysStored>(new GetFragment(default, (uint)i, 0), Long, default).AsTask())];
        PrekeysStored[] answers = await Task.WhenAll(requests);

        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (uint)i), answers.Select(answer => answer.Remaining));
    }

    private static async Task AnswerBackwardsAsync(List<(uint Index, ReplyTo Reply)> waiting)
    {
        foreach ((uint index, ReplyTo reply) in Enumerable.Reverse(waiting.ToArray()))
        {
            await reply.AnswerAsync(new PrekeysStored(index));
        }
    }

    private static byte[] Frame(LinkMessage message, FrameKind kind, ulong correlation)
    {
        var output = new ArrayBufferWriter<byte>();
        LinkCodec.Write(message, kind, correlation, output);
        return output.WrittenSpan.ToArray();
    }

    private async Task<LinkFrame> ReadFrameAsync()
    {
        while (true)
        {
            System.IO.Pipelines.ReadResult result = await _pipes.Left.Input.ReadAsync();
            ReadOnlySequence<byte> rest = result.Buffer;
            FrameStatus status = LinkCodec.TryRead(ref rest, out LinkFrame frame);
            _pipes.Left.Input.AdvanceTo(rest.Start, rest.End);
            if (status == FrameStatus.Read)
            {
                return frame;
            }

            Assert.Equal(FrameStatus.NeedMore, status);
            Assert.False(result.IsCompleted);
        }
    }

    private void StartBoth()
    {
        Left.Start();
        Right.Start();
    }
}
