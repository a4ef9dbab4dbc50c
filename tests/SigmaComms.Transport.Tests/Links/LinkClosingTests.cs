using System.IO.Pipelines;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>The end of a link has a total time-out, and waits for its handlers.</summary>
public sealed class LinkClosingTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly LinkPair _pair = new();

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task A_peer_that_reads_slowly_holds_the_end_no_longer_than_the_close_timeout()
    {
        _pair.Left.Start();
        for (int i = 0; i < 500; i++)
        {
            Assert.True(_pair.Left.TrySend(new Delivery(default, default, new byte[60_000])));
        }

        Task closing = _pair.Left.DisposeAsync().AsTask();
        for (TimeSpan waited = TimeSpan.Zero; waited <= _pair.LeftOptions.CloseTimeout; waited += Second)
        {
            await ReadSlowlyAsync();
            _pair.Time.Advance(Second);
        }

        await closing.WaitAsync(Patience);

        Assert.True(_pair.LeftOptions.WriteTimeout > _pair.LeftOptions.CloseTimeout + Second);
        Assert.Null((await _pair.Left.Closed).Reason);
    }

    [Fact]
    public async Task What_waits_is_written_before_the_end_if_the_peer_reads()
    {
        int arrived = 0;
        _pair.Right.OnMessage = (_, _) =>
        {
            arrived++;
            return ValueTask.CompletedTask;
        };
        _pair.Start();
        for (int i = 0; i < 500; i++)
        {
            Assert.True(_pair.Left.TrySend(new Delivery(default, default, new byte[6_000])));
        }

        await _pair.Left.DisposeAsync();
        await _pair.Right.Closed.WaitAsync(Patience);

        Assert.Equal(500, arrived);
    }

    [Fact]
    public async Task What_the_peer_says_last_is_heard_though_it_takes_nothing_any_more()
    {
        await _pair.Pipes.Right.Input.CompleteAsync();
        _pair.Left.Start();
        Assert.True(_pair.Left.TrySend(new Delivery(default, default, new byte[60_000])));

        await _pair.Pipes.Right.Output.WriteAsync(
            LinkPair.Frame(new Goodbye(RefusalReason.Overloaded, "too much"), FrameKind.Push, 0));
        await _pair.Pipes.Right.Output.CompleteAsync();

        Assert.Equal(
            new LinkClosed(RefusalReason.Overloaded, "too much", ByPeer: true),
            await _pair.Left.Closed.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_and_says_nothing_loses_the_link_after_the_close_timeout()
    {
        await _pair.Pipes.Right.Input.CompleteAsync();
        _pair.Left.Start();
        Assert.True(_pair.Left.TrySend(new Delivery(default, default, new byte[60_000])));

        await _pair.PassAsync(() => _pair.Left.Closed.IsCompleted);

        Assert.Null((await _pair.Left.Closed).Reason);
        Assert.True((await _pair.Left.Closed).ByPeer);
    }

    [Fact]
    public async Task Disposing_awaits_the_handlers_of_requests_at_work()
    {
        var begun = new TaskCompletionSource();
        var hold = new TaskCompletionSource();
        _pair.Right.OnMessage = async (_, _) =>
        {
            begun.SetResult();
            await hold.Task;
        };
        _pair.Start();
        Task<LinkMessage> request = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();
        await begun.Task.WaitAsync(Patience);

        Task disposing = _pair.Right.DisposeAsync().AsTask();
        await _pair.Right.Closed.WaitAsync(Patience);
        bool isDoneBefore = disposing.IsCompleted;
        hold.SetResult();
        await disposing.WaitAsync(Patience);

        Assert.False(isDoneBefore);
        await Assert.ThrowsAsync<LinkException>(() => request);
    }

    [Fact]
    public async Task A_handler_that_never_ends_holds_the_disposal_no_longer_than_the_close_timeout()
    {
        var begun = new TaskCompletionSource();
        _pair.Right.OnMessage = async (_, reply) =>
        {
            begun.SetResult();
            await reply!.Answered;
        };
        _pair.Start();
        Task<LinkMessage> request = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();
        await begun.Task.WaitAsync(Patience);

        Task disposing = _pair.Right.DisposeAsync().AsTask();
        await _pair.Right.Closed.WaitAsync(Patience);
        _pair.Time.Advance(_pair.RightOptions.CloseTimeout);
        await disposing.WaitAsync(Patience);

        await Assert.ThrowsAsync<LinkException>(() => request);
    }

    [Fact]
    public async Task No_push_is_handled_after_the_link_is_closed()
    {
        var hold = new TaskCompletionSource();
        int begun = 0;
        var first = new TaskCompletionSource();
        _pair.Right.OnMessage = async (_, _) =>
        {
            begun++;
            first.TrySetResult();
            await hold.Task;
        };
        _pair.Start();
        await _pair.Left.SendAsync(new Replaced(), default);
        await _pair.Left.SendAsync(new Replaced(), default);
        await first.Task.WaitAsync(Patience);

        _pair.Right.Abort("at once");
        await _pair.Right.Closed.WaitAsync(Patience);
        hold.SetResult();
        await _pair.Right.DisposeAsync();

        Assert.Equal(1, begun);
    }

    // A little of what is there, as a peer does that wants to hold the link.
    private async Task ReadSlowlyAsync()
    {
        if (_pair.Pipes.Right.Input.TryRead(out ReadResult result))
        {
            _pair.Pipes.Right.Input.AdvanceTo(result.Buffer.GetPosition(Math.Min(result.Buffer.Length, 40_000)));
        }

        await Task.Yield();
    }
}
