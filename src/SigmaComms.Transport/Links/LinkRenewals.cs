using System.Collections.Concurrent;
using System.IO.Pipelines;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// The accepting side of renewals: which links await a new connection, and under which token. One table serves all
/// links of a node; it holds at most one token for each.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class LinkRenewals
{
    private readonly ConcurrentDictionary<(NodeId Peer, Digest16 Token), LinkConnection> _offers = new();

    /// <summary>Tokens that await their connection.</summary>
    public int Count => _offers.Count;

    /// <summary>Lets the peer of a link renew it. Call it before the link starts.</summary>
    /// <param name="link">The link.</param>
    /// <param name="judge">Answers the new connection: a <see cref="Welcome"/>, or why the link must end.</param>
    public void Allow(LinkConnection link, Func<Renew, LinkMessage> judge)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(judge);
        link.Renewable = (this, judge);
    }

    /// <summary>Hands a new connection to the link that awaits it.</summary>
    /// <param name="connection">The connection, whose first frame was read.</param>
    /// <param name="peer">Who the channel proved to be on the other side.</param>
    /// <param name="renew">The first message.</param>
    /// <param name="correlation">The number of the first frame.</param>
    /// <param name="ct">Gives up the greeting.</param>
    /// <returns>Completes when the connection is closed, by the link or because it was refused.</returns>
    public async Task ServeAsync(
        IDuplexPipe connection, NodeId peer, Renew renew, ulong correlation, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(renew);
        var next = new LinkTransport(connection);
        try
        {
            _offers.TryRemove((peer, renew.Token), out LinkConnection? link);
            LinkMessage? verdict = link?.Renewable?.Judge(renew);

            // The link must await the connection before the peer is told that it may come.
            LinkMove? move = verdict is Welcome ? link!.Expect(next) : null;
            LinkMessage answer = verdict is Welcome && move is null ? Gone() : verdict ?? Gone();
            try
            {
                await LinkGreeting.WriteAsync(connection, answer, FrameKind.Reply, correlation, ct);
            }
            catch when (move is not null)
            {
                await link!.AbandonAsync(move);
                throw;
            }

            if (move is not null)
            {
                await link!.ServeMoveAsync(move, LinkRenewal.Timeout);
            }
            else if (verdict is Refused refused)
            {
                // A peer that may no longer be here loses the old connection too.
                link!.BeginClose(refused.Reason, refused.Detail);
            }
        }
        finally
        {
            await next.CloseAsync();
        }
    }

    private static Refused Gone() => new(RefusalReason.NotFound, "no link of this peer awaits this connection");

    internal void Offer(LinkConnection link, Digest16? before, Digest16 token)
    {
        Withdraw(link, before);
        _offers[(link.PeerId, token)] = link;
    }

    internal void Withdraw(LinkConnection link, Digest16? token)
    {
        if (token is { } offered)
        {
            _offers.TryRemove(KeyValuePair.Create((link.PeerId, offered), link));
        }
    }
}
