using System.IO.Pipelines;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// The connections that one link goes over: the one that is read, the next one while the link moves, and old ones that
/// are being closed. Each side's last word on the old connection is <see cref="Moved"/>, the dialling side's first;
/// each reads the old one up to there and the new one from then on, so that all frames keep their order.
/// </summary>
/// <remarks>The reading loop alone follows moves. Otherwise safe to call from any thread.</remarks>
internal sealed class LinkPath
{
    private readonly Lock _gate = new();
    private readonly List<LinkTransport> _open = [];
    private readonly LinkOptions _options;
    private readonly CancellationToken _stop;
    private LinkMove? _pending;
    private Task _retiring = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>Begins with one connection.</summary>
    /// <param name="first">The connection.</param>
    /// <param name="options">The link's bounds.</param>
    /// <param name="stop">The link's loops end.</param>
    public LinkPath(LinkTransport first, LinkOptions options, CancellationToken stop)
    {
        First = first;
        Reading = first;
        _options = options;
        _stop = stop;
        _open.Add(first);
    }

    /// <summary>The connection that the link was made over.</summary>
    public LinkTransport First { get; }

    /// <summary>The connection that is read now.</summary>
    public LinkTransport Reading { get; private set; }

    /// <summary>Prepares a move; the peer's last word on the present connection will complete it.</summary>
    /// <returns>Null if the link has ended, or is on the move already. The connection is the caller's then.</returns>
    public LinkMove? TryBegin(LinkTransport next, bool isDialler)
    {
        LinkMove? before;
        var move = new LinkMove(next, isDialler);
        lock (_gate)
        {
            before = _pending;
            if (_isClosed || before is { IsDialler: true })
            {
                return null;
            }

            // A connection that the peer's dialler gave up; it will not speak of it any more.
            if (before is not null)
            {
                _open.Remove(before.Next);
            }

            _pending = move;
            _open.Add(next);
        }

        _ = before?.Next.CloseAsync();
        return move;
    }

    /// <summary>Closes the next connection, unless the link moved to it.</summary>
    public async Task AbandonAsync(LinkMove move)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_pending, move))
            {
                return;
            }

            _pending = null;
            _open.Remove(move.Next);
        }

        await move.Next.CloseAsync();
    }

    /// <summary>The peer's last word on the present connection was read: goes on with the next one.</summary>
    /// <returns>The move, or null if none was prepared.</returns>
    public LinkMove? Follow()
    {
        lock (_gate)
        {
            LinkMove? move = _pending;
            _pending = null;
            Reading = move?.Next ?? Reading;
            return move;
        }
    }

    /// <summary>Closes a connection that is read no more, once this side writes to the next one.</summary>
    public void Retire(LinkTransport old, LinkMove move)
    {
        move.NoteRead();
        _retiring = Task.WhenAll(_retiring, RetireAsync(old, move));
    }

    /// <summary>Closes whatever is open. For a link whose loops have ended.</summary>
    public async Task CloseAsync()
    {
        await _retiring;
        LinkTransport[] open;
        lock (_gate)
        {
            _isClosed = true;
            _pending = null;
            open = [.. _open];
        }

        await Task.WhenAll(open.Select(transport => transport.CloseAsync()));
    }

    private async Task RetireAsync(LinkTransport old, LinkMove move)
    {
        try
        {
            await move.Written.WaitAsync(_stop);
            if (!move.IsDialler)
            {
                // The dialling side closes first: it has read everything then, and so has this side.
                using var late = new CancellationTokenSource(_options.CloseTimeout, _options.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop);
                await AwaitEndAsync(old.Input, either.Token);
            }
        }
        catch (Exception)
        {
            // Stopped, late or broken: what the link needed of the old connection it has.
        }

        await old.CloseAsync();
        lock (_gate)
        {
            _open.Remove(old);
        }
    }

    private static async Task AwaitEndAsync(PipeReader input, CancellationToken ct)
    {
        ReadResult result;
        do
        {
            result = await input.ReadAsync(ct);
            input.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
    }
}
