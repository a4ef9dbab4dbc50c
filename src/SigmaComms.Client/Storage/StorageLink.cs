using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Storage;

/// <summary>
/// The way to one storage node: a link of its own, opened when it is needed and again after each loss. After a failed
/// attempt there is none for a while, longer each time.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class StorageLink : IAsyncDisposable
{
    /// <summary>The pause after the first failed attempt; it doubles.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeConnector _connector;
    private readonly TimeProvider _time;
    private readonly IRandomSource _random;
    private Task<FragmentExchange?>? _opening;
    private FragmentExchange? _exchange;
    private TimeSpan _notBefore;
    private int _failures;
    private bool _isClosed;

    /// <summary>Begins without a link.</summary>
    /// <param name="node">The node.</param>
    /// <param name="endpoint">Where it listens.</param>
    /// <param name="connector">Opens links.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For the jitter.</param>
    public StorageLink(
        NodeId node, string endpoint, NodeConnector connector, TimeProvider time, IRandomSource random)
    {
        Node = node;
        Endpoint = endpoint;
        _connector = connector;
        _time = time;
        _random = random;
    }

    /// <summary>The node.</summary>
    public NodeId Node { get; }

    /// <summary>Where it listens; used for the next attempt.</summary>
    public string Endpoint { get; set; }

    /// <summary>Why the last request or attempt failed, for people; empty if it did not.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Whether there is a link now.</summary>
    public bool IsOpen => Volatile.Read(ref _exchange) is { Link.IsEnding: false };

    /// <summary>The link, opened if need be.</summary>
    /// <param name="ct">Gives up waiting; the attempt goes on.</param>
    /// <returns>Null if there is none now.</returns>
    public async ValueTask<FragmentExchange?> OpenAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _exchange) is { Link.IsEnding: false } open)
        {
            return open;
        }

        Task<FragmentExchange?> opening;
        lock (_gate)
        {
            if (_isClosed || _exchange is { Link.IsEnding: false })
            {
                return _exchange;
            }

            if (_opening is null or { IsCompleted: true })
            {
                if (_time.GetElapsedTime(0) < _notBefore)
                {
                    return null;
                }

                _opening = ConnectAsync();
            }

            opening = _opening;
        }

        return await opening.WaitAsync(ct);
    }

    /// <summary>Keeps what was said last.</summary>
    /// <param name="failure">Why a request failed; empty if it did not.</param>
    public void Note(string failure) => LastFailure = failure;

    /// <summary>Ends the link; there is none any more. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<FragmentExchange?>? opening;
        lock (_gate)
        {
            _isClosed = true;
            opening = _opening;
        }

        await _stop.CancelAsync();
        if (opening is not null)
        {
            await opening;
        }

        await DropAsync(Interlocked.Exchange(ref _exchange, null));
    }

    private async Task<FragmentExchange?> ConnectAsync()
    {
        await Task.Yield(); // The lock is not held while a connection is made.
        await DropAsync(Interlocked.Exchange(ref _exchange, null));
        using CancellationTokenSource late = new(ConnectLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            NodeConnection connection = await _connector.ConnectAsync(
                Endpoint, Lane.Bulk, static _ => ValueTask.CompletedTask, either.Token);
            if (connection.Admission.Node != Node)
            {
                connection.Link.Abort("another node was meant");
                throw new LinkException(LinkFailure.Unexpected, $"another node listens at {Endpoint}");
            }

            var exchange = new FragmentExchange(connection.Link, FragmentWindow.Whole, Patience);
            lock (_gate)
            {
                _failures = 0;
                Volatile.Write(ref _exchange, exchange);
                LastFailure = "";
            }

            return exchange;
        }
        catch (Exception failed) when (failed is LinkException or OperationCanceledException)
        {
            Fail(failed is LinkException ? failed.Message : $"no link within {ConnectLimit.TotalSeconds:F0} s");
            return null;
        }
    }

    private void Fail(string why)
    {
        Span<byte> random = stackalloc byte[1];
        _random.Fill(random);
        lock (_gate)
        {
            double pause = Math.Min(
                PauseMax.TotalMilliseconds, PauseMin.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 16)));
            _failures++;
            _notBefore = _time.GetElapsedTime(0) + TimeSpan.FromMilliseconds(pause * (0.5 + (random[0] / 512.0)));
            LastFailure = why;
        }
    }

    private static async ValueTask DropAsync(FragmentExchange? dropped)
    {
        if (dropped is not null)
        {
            dropped.Link.Abort("the way to the storage node is closed");
            await dropped.Link.DisposeAsync();
        }
    }
}
