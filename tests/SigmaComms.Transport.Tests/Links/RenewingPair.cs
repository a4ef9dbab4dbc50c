using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO.Pipelines;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>Two links, of which the left one renews its connection; on a clock that the test moves.</summary>
internal sealed class RenewingPair : IAsyncDisposable
{
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly LinkRenewals _renewals = new();
    private ImmutableList<WatchedPipes> _connections = [];
    private int _dials;

    public RenewingPair()
    {
        var first = new WatchedPipes();
        _connections = [first];

        // The clock jumps 15 minutes while bytes are under way; a peer that takes none for so long is another test's.
        var options = new LinkOptions { Time = Time, WriteTimeout = TimeSpan.FromDays(1) };
        Left = new LinkConnection(first.Left, LinkPair.RightId, options);
        Right = new LinkConnection(first.Right, LinkPair.LeftId, options);
        _renewals.Allow(Right, renew => Judge(renew));
    }

    public ManualTime Time { get; } = new();

    public LinkConnection Left { get; }

    public LinkConnection Right { get; }

    /// <summary>All connections so far, the first one too; whole at any time, though the link's thread adds.</summary>
    public ImmutableList<WatchedPipes> Connections => Volatile.Read(ref _connections);

    /// <summary>Who answers at the other end of new connections.</summary>
    public NodeId Answering { get; set; } = LinkPair.RightId;

    /// <summary>What the right side says to a new connection.</summary>
    public Func<Renew, LinkMessage> Judge { get; set; } = _ => new Welcome(default, 1, default);

    /// <summary>Whether the left side reaches the right one.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>Dials, those too that failed.</summary>
    public int Dials => Volatile.Read(ref _dials);

    /// <summary>Tokens whose connection has not come.</summary>
    public int OpenOffers => _renewals.Count;

    public void Start()
    {
        Left.Start();
        Right.Start();
        Left.KeepFresh(new LinkFreshness
        {
            DialAsync = DialAsync,
            Check = _ => { },
            Random = SystemRandom.Instance,
        });
    }

    /// <summary>Lets the longest age of a handshake pass, and awaits what must come of it.</summary>
    public async Task PassAsync(Func<bool> until)
    {
        // The wait for the next renewal has begun; it is the only one of minutes.
        await UntilAsync(() => Time.IsDueBetween(TimeSpan.FromMinutes(1), LinkFreshness.DefaultInterval));
        Time.Advance(LinkFreshness.DefaultInterval);
        await UntilAsync(until);
    }

    /// <summary>Lets a minute pass after a renewal that failed, and awaits the next attempt.</summary>
    public async Task RetryAsync(int dials)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1);
        await UntilAsync(() => Time.IsDueBetween(minute, minute));
        Time.Advance(minute);
        await UntilAsync(() => Dials == dials);
    }

    /// <summary>Waits for other threads without moving the clock.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
            {
                Assert.Fail(Describe());
            }

            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Left.Abort("test ends");
        Right.Abort("test ends");
        await Task.WhenAll(Left.Closed, Right.Closed);
        await Task.WhenAll(_serving);
    }

    private string Describe() =>
        $"{Dials} dials, {Connections.Count(pipes => pipes.IsClosed)} of {Connections.Count} connections closed, "
        + $"left {Ending(Left)}, right {Ending(Right)}";

    private static string Ending(LinkConnection link) =>
        link.Closed.IsCompletedSuccessfully ? $"ended: {link.Closed.GetAwaiter().GetResult()}" : "goes on";

    private ValueTask<(IDuplexPipe Pipe, NodeId Peer)> DialAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _dials);
        if (!IsReachable)
        {
            throw new LinkException(LinkFailure.Unreachable, "nobody is there");
        }

        var pipes = new WatchedPipes();
        ImmutableInterlocked.Update(ref _connections, (all, added) => all.Add(added), pipes);
        _serving.Add(ServeAsync(pipes.Right));
        return ValueTask.FromResult(((IDuplexPipe)pipes.Left, Answering));
    }

    private async Task ServeAsync(IDuplexPipe pipe)
    {
        try
        {
            LinkFrame first = await LinkGreeting.ReadAsync(pipe, CancellationToken.None);
            await _renewals.ServeAsync(
                pipe, LinkPair.LeftId, (Renew)first.Message!, first.Correlation, CancellationToken.None);
        }
        catch (LinkException)
        {
            // The left side turned away before it asked.
            await ((IAsyncDisposable)pipe).DisposeAsync();
        }
    }
}
