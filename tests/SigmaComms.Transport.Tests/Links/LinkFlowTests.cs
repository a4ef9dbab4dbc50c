using System.Collections.Concurrent;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>What comes in is bounded, and answers are read whatever the handlers do.</summary>
public sealed class LinkFlowTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LinkPair _pair = new();

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task A_push_handler_may_await_a_request_over_its_own_link()
    {
        var answered = new TaskCompletionSource<LinkMessage>();
        _pair.Left.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        _pair.Right.OnMessage = async (_, _) =>
            answered.SetResult(await _pair.Right.RequestAsync(new Ping(), Long, CancellationToken.None));
        _pair.Start();

        await _pair.Left.SendAsync(new Replaced(), CancellationToken.None);
        LinkMessage answer = await answered.Task.WaitAsync(Patience);

        Assert.IsType<Pong>(answer);
    }

    [Fact]
    public async Task Answers_are_read_while_the_room_for_requests_is_full()
    {
        _pair.RightOptions.IncomingRequestsMax = 1;
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _pair.Left.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        _pair.Right.OnMessage = async (_, reply) =>
        {
            begun.TrySetResult();
            await hold.Task;
            await reply!.AnswerAsync(new Done());
        };
        _pair.Start();
        Task<LinkMessage> first = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();
        await begun.Task.WaitAsync(Patience);
        Task<LinkMessage> second = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();

        LinkMessage own = await _pair.Right.RequestAsync(new Ping(), Long, default).AsTask().WaitAsync(Patience);
        hold.SetResult();

        Assert.IsType<Pong>(own);
        Assert.IsType<Done>(await first.WaitAsync(Patience));
        await second.WaitAsync(Patience);
    }

    [Fact]
    public async Task Requests_above_the_room_are_refused_at_once_and_the_link_goes_on()
    {
        _pair.RightOptions.IncomingRequestsMax = 2;
        var replies = new ConcurrentQueue<ReplyTo>();
        var begun = new SemaphoreSlim(0);
        _pair.Right.OnMessage = async (_, reply) =>
        {
            replies.Enqueue(reply!);
            begun.Release();
            await reply!.Answered;
        };
        _pair.Start();
        Task<LinkMessage>[] taken = [.. Enumerable.Range(0, 2).Select(_ =>
            _pair.Left.RequestAsync(new Ping(), Long, CancellationToken.None).AsTask())];
        await begun.WaitAsync();
        await begun.WaitAsync();

        LinkMessage third = await _pair.Left.RequestAsync(new Ping(), Long, default).AsTask().WaitAsync(Patience);
        await AnswerOneAsync(replies);
        await (await Task.WhenAny(taken)).WaitAsync(Patience);
        Task<LinkMessage> fourth = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();
        await begun.WaitAsync();
        await AnswerOneAsync(replies);
        await AnswerOneAsync(replies);

        Assert.Equal(RefusalReason.Overloaded, Assert.IsType<Refused>(third).Reason);
        Assert.All(await Task.WhenAll(taken), answer => Assert.IsType<Done>(answer));
        Assert.IsType<Done>(await fourth.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_peer_within_its_room_is_never_refused()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _pair.LeftOptions.PendingRequestsMax = 8;
        _pair.RightOptions.IncomingRequestsMax = 8;
        _pair.Right.OnMessage = async (_, reply) =>
        {
            await Task.Yield();
            await reply!.AnswerAsync(new Done());
        };
        _pair.Start();

        LinkMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(_ =>
            _pair.Left.RequestAsync(new Ping(), Long, CancellationToken.None).AsTask()));

        Assert.All(answers, answer => Assert.IsType<Done>(answer));
    }

    [Fact]
    public async Task A_peer_that_asks_without_end_and_reads_no_answers_loses_the_link()
    {
        _pair.RightOptions.IncomingRequestsMax = 1;
        _pair.RightOptions.OutgoingMessagesMax = 1;
        _pair.Right.OnMessage = async (_, reply) => await reply!.Answered;
        _pair.Right.Start();
        byte[] request = LinkPair.Frame(new Ping(), FrameKind.Request, 1);
        byte[] many = [.. Enumerable.Repeat(request, 1_000).SelectMany(bytes => bytes)];

        for (int i = 0; i < 20 && !_pair.Right.IsEnding; i++)
        {
            // Once the link is at its end nobody reads what the pipe has no room for.
            Task written = _pair.Pipes.Left.Output.WriteAsync(many).AsTask();
            await LinkPair.UntilAsync(() => written.IsCompleted || _pair.Right.IsEnding);
        }

        Assert.True(_pair.Right.IsEnding);
        await _pair.PassAsync(() => _pair.Right.Closed.IsCompleted);

        Assert.Equal(RefusalReason.Overloaded, (await _pair.Right.Closed).Reason);
    }

    [Fact]
    public async Task Pushes_wait_in_order_behind_a_slow_one()
    {
        var hold = new TaskCompletionSource();
        var seen = new List<uint>();
        var last = new TaskCompletionSource();
        _pair.Right.OnMessage = async (message, _) =>
        {
            uint index = ((GetFragment)message).Offset;
            if (index == 0)
            {
                await hold.Task;
            }

            seen.Add(index);
            if (index == 99)
            {
                last.SetResult();
            }
        };
        _pair.Start();

        for (uint i = 0; i < 100; i++)
        {
            await _pair.Left.SendAsync(new GetFragment(default, i, 0), CancellationToken.None);
        }

        hold.SetResult();
        await last.Task.WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (uint)i), seen);
    }

    [Fact]
    public async Task Pushes_above_the_room_close_the_link_with_a_reason_and_those_that_waited_are_handled()
    {
        _pair.RightOptions.IncomingPushesMax = 3;
        var hold = new TaskCompletionSource();
        int handled = 0;
        _pair.Right.OnMessage = async (_, _) =>
        {
            await hold.Task;
            handled++;
        };
        _pair.Start();

        for (int i = 0; i < 5; i++)
        {
            await _pair.Left.SendAsync(new Replaced(), CancellationToken.None);
        }

        LinkClosed told = await _pair.Left.Closed.WaitAsync(Patience);
        hold.SetResult();
        LinkClosed closed = await _pair.Right.Closed.WaitAsync(Patience);

        Assert.Equal((RefusalReason.Overloaded, true), (told.Reason!.Value, told.ByPeer));
        Assert.Equal((RefusalReason.Overloaded, false), (closed.Reason!.Value, closed.ByPeer));
        Assert.Equal(4, handled);
    }

    [Fact]
    public async Task Bytes_of_waiting_pushes_are_bounded_too()
    {
        _pair.RightOptions.IncomingPushBytesMax = 1 << 20;
        var hold = new TaskCompletionSource();
        _pair.Right.OnMessage = async (_, _) => await hold.Task;
        _pair.Start();

        for (int i = 0; i < 20 && _pair.Left.TrySend(new Delivery(default, default, new byte[60_000])); i++)
        {
            await Task.Yield();
        }

        LinkClosed closed = await _pair.Left.Closed.WaitAsync(Patience);
        hold.SetResult();

        Assert.Equal(RefusalReason.Overloaded, closed.Reason);
    }

    [Fact]
    public async Task A_push_handler_that_fails_later_ends_the_link_and_the_error_is_told()
    {
        _pair.Right.OnMessage = async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("planted");
        };
        _pair.Start();

        await _pair.Left.SendAsync(new Replaced(), CancellationToken.None);
        LinkClosed closed = await _pair.Right.Closed.WaitAsync(Patience);

        Assert.Equal(("planted", false), (closed.Error!.Message, closed.ByPeer));
    }

    private static async Task AnswerOneAsync(ConcurrentQueue<ReplyTo> replies)
    {
        Assert.True(replies.TryDequeue(out ReplyTo? reply));
        await reply.AnswerAsync(new Done());
    }
}
