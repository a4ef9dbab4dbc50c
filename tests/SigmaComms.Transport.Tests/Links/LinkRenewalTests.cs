using System.Collections.Concurrent;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>A long link gets a new connection every 15 minutes, and what it carries does not notice.</summary>
public sealed class LinkRenewalTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly RenewingPair _pair = new();

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task Within_15_minutes_a_new_connection_takes_over_and_the_old_one_is_closed()
    {
        _pair.Right.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        _pair.Start();

        for (int i = 1; i <= 4; i++)
        {
            await _pair.PassAsync(() => _pair.Connections.Count > i && _pair.Connections[i - 1].IsClosed);
            Assert.IsType<Pong>(await _pair.Left.RequestAsync(new Ping(), Long, default).AsTask().WaitAsync(Patience));
        }

        Assert.Equal(5, _pair.Connections.Count);
        Assert.True(_pair.Left.FirstConnectionClosed.IsCompleted && _pair.Right.FirstConnectionClosed.IsCompleted);
        Assert.False(_pair.Connections[4].IsClosed);
        Assert.False(_pair.Left.IsEnding || _pair.Right.IsEnding);
        Assert.Equal(0, _pair.OpenOffers);
    }

    [Fact]
    public async Task Under_load_from_both_sides_nothing_is_lost_doubled_or_reordered()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var left = new Traffic(_pair.Left);
        var right = new Traffic(_pair.Right);
        _pair.Start();
        using var enough = new CancellationTokenSource();
        Task[] work = [.. left.Run(enough.Token), .. right.Run(enough.Token)];

        for (int i = 1; i <= 10; i++)
        {
            int asked = left.Answered + right.Answered;
            await _pair.PassAsync(() => _pair.Connections.Count > i && _pair.Connections[i - 1].IsClosed);
            await _pair.UntilAsync(() => left.Answered + right.Answered > asked + 100);
        }

        await enough.CancelAsync();
        await Task.WhenAll(work).WaitAsync(Patience);
        await _pair.UntilAsync(() => right.Pushed.Count == left.Sent && left.Pushed.Count == right.Sent);

        Assert.Equal(11, _pair.Connections.Count);
        AssertWhole(left, right);
        AssertWhole(right, left);
    }

    [Fact]
    public async Task A_request_that_is_in_work_during_the_move_is_answered_over_the_new_connection()
    {
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        _pair.Right.OnMessage = async (_, reply) =>
        {
            begun.SetResult();
            await hold.Task;
            await reply!.AnswerAsync(new Done());
        };
        _pair.Start();
        Task<LinkMessage> request = _pair.Left.RequestAsync(new Ping(), Long, default).AsTask();
        await begun.Task.WaitAsync(Patience);

        await _pair.PassAsync(() => _pair.Connections.Count == 2 && _pair.Connections[0].IsClosed);
        bool isOpen = !request.IsCompleted;
        hold.SetResult();

        Assert.True(isOpen);
        Assert.IsType<Done>(await request.WaitAsync(Patience));
    }

    [Fact]
    public async Task Pushes_that_wait_during_the_move_keep_their_place()
    {
        var hold = new TaskCompletionSource();
        var seen = new ConcurrentQueue<uint>();
        _pair.Right.OnMessage = async (message, _) =>
        {
            await hold.Task;
            seen.Enqueue(((GetFragment)message).Offset);
        };
        _pair.Start();
        await _pair.Left.SendAsync(new GetFragment(default, 0, 0), default);
        await _pair.Left.SendAsync(new GetFragment(default, 1, 0), default);

        await _pair.PassAsync(() => _pair.Connections.Count == 2 && _pair.Connections[0].IsClosed);
        await _pair.Left.SendAsync(new GetFragment(default, 2, 0), default);
        hold.SetResult();
        await _pair.UntilAsync(() => seen.Count == 3);

        Assert.Equal([0u, 1u, 2u], seen);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_link_and_is_tried_again()
    {
        _pair.Right.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        _pair.IsReachable = false;
        _pair.Start();

        await _pair.PassAsync(() => _pair.Dials == 1);
        LinkMessage answer = await _pair.Left.RequestAsync(new Ping(), Long, default).AsTask().WaitAsync(Patience);
        _pair.IsReachable = true;
        await _pair.RetryAsync(dials: 2);
        await _pair.UntilAsync(() => _pair.Connections.Count == 2 && _pair.Connections[0].IsClosed);

        Assert.IsType<Pong>(answer);
        Assert.False(_pair.Left.IsEnding);
    }

    [Fact]
    public async Task A_link_that_cannot_be_renewed_for_an_hour_is_closed()
    {
        _pair.IsReachable = false;
        _pair.Start();

        await _pair.PassAsync(() => _pair.Dials == 1);
        for (int minute = 15; minute < 60; minute++)
        {
            Assert.False(_pair.Left.IsEnding);
            await _pair.RetryAsync(minute - 13);
        }

        await _pair.UntilAsync(() => _pair.Left.Closed.IsCompleted);

        Assert.Equal(RefusalReason.TimedOut, (await _pair.Left.Closed).Reason);
        Assert.Equal(RefusalReason.TimedOut, (await _pair.Right.Closed.WaitAsync(Patience)).Reason);
    }

    [Fact]
    public async Task A_peer_that_may_no_longer_be_here_loses_the_link_at_its_renewal()
    {
        _pair.Judge = _ => new Refused(RefusalReason.NotAdmitted, "the admission has ended");
        _pair.Start();

        await _pair.PassAsync(() => _pair.Left.Closed.IsCompleted);

        LinkClosed closed = await _pair.Left.Closed;
        Assert.Equal((RefusalReason.NotAdmitted, true), (closed.Reason!.Value, closed.ByPeer));
        Assert.Equal(RefusalReason.NotAdmitted, (await _pair.Right.Closed.WaitAsync(Patience)).Reason);
    }

    [Fact]
    public async Task Another_peer_at_the_same_place_does_not_take_over()
    {
        _pair.Right.OnMessage = (_, reply) => reply!.AnswerAsync(new Pong());
        _pair.Answering = LinkPair.LeftId;
        _pair.Start();

        await _pair.PassAsync(() => _pair.Connections.Count == 2 && _pair.Connections[1].IsClosed);
        LinkMessage answer = await _pair.Left.RequestAsync(new Ping(), Long, default).AsTask().WaitAsync(Patience);

        Assert.IsType<Pong>(answer);
        Assert.False(_pair.Connections[0].IsClosed);
    }

    [Fact]
    public async Task A_wrong_token_or_anothers_is_refused()
    {
        var renewals = new LinkRenewals();
        var pipes = new WatchedPipes();

        Task serving = renewals.ServeAsync(pipes.Right, LinkPair.LeftId, new Renew(default, default), 1, default);
        LinkFrame answer = await LinkPair.ReadFrameAsync(pipes.Left.Input);
        await serving.WaitAsync(Patience);

        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(answer.Message).Reason);
    }

    [Fact]
    public async Task A_link_that_is_not_renewable_says_so_and_stays()
    {
        await using var pair = new LinkPair();
        pair.Start();

        LinkMessage answer = await pair.Left.RequestAsync(new OfferRenewal(default), Long, default);

        Assert.Equal(RefusalReason.UnknownMessage, Assert.IsType<Refused>(answer).Reason);
        Assert.False(pair.Right.IsEnding);
    }

    [Fact]
    public async Task A_peer_that_moves_without_a_new_connection_breaks_the_format()
    {
        await using var pair = new LinkPair();
        pair.Right.Start();

        await pair.Pipes.Left.Output.WriteAsync(LinkPair.Frame(new Moved(), FrameKind.Push, 0));

        Assert.Equal(RefusalReason.Malformed, (await pair.Right.Closed.WaitAsync(Patience)).Reason);
    }

    private static void AssertWhole(Traffic sender, Traffic receiver)
    {
        Assert.Equal(sender.Asked, sender.Answered);
        Assert.Equal(sender.Asked, receiver.Served.Count);
        Assert.Equal(Enumerable.Range(0, sender.Sent).Select(i => (uint)i), receiver.Pushed);
    }

    /// <summary>One side's requests and pushes, numbered, and what it gets of the other's.</summary>
    private sealed class Traffic
    {
        private const int Askers = 8;
        private readonly LinkConnection _link;
        private int _asked;
        private int _answered;

        public Traffic(LinkConnection link)
        {
            _link = link;
            link.OnMessage = async (message, reply) =>
            {
                uint index = ((GetFragment)message).Offset;
                if (reply is null)
                {
                    Pushed.Enqueue(index);
                    return;
                }

                await Task.Yield();
                Assert.True(Served.TryAdd(index, true));
                await reply.AnswerAsync(new PrekeysStored(index));
            };
        }

        public ConcurrentQueue<uint> Pushed { get; } = new();

        public ConcurrentDictionary<uint, bool> Served { get; } = new();

        public int Asked => Volatile.Read(ref _asked);

        public int Answered => Volatile.Read(ref _answered);

        public int Sent { get; private set; }

        public Task[] Run(CancellationToken enough) =>
            [PushAsync(enough), .. Enumerable.Range(0, Askers).Select(_ => AskAsync(enough))];

        private async Task AskAsync(CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
            {
                var request = new GetFragment(default, (uint)Interlocked.Increment(ref _asked), 0);
                PrekeysStored answer = await _link.RequestAsync<PrekeysStored>(request, Long, default);
                Assert.Equal(request.Offset, answer.Remaining);
                Interlocked.Increment(ref _answered);
                await Task.Yield();
            }
        }

        private async Task PushAsync(CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
            {
                await _link.SendAsync(new GetFragment(default, (uint)Sent, 0), default);
                Sent++;
                await Task.Yield();
            }
        }
    }
}
