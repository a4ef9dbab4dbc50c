using SigmaComms.Actors;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// Copies the chunks of one attachment that another node lacks, a few at a time, until that node says that it has all
/// of them on its disk.
/// </summary>
internal sealed class ChunkCopyTask(NodeContext node, IActorRef attachments)
{
    private const int ChunksAtOnce = 8;
    private const int RoundsMax = 3;

    /// <summary>Copies. A failure is an outcome, not an exception.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="links">The links to it.</param>
    /// <param name="offer">What this node has.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether the target has all of it durably.</returns>
    public async Task<bool> RunAsync(NodeId target, PeerLinks links, OfferChunks offer, CancellationToken ct)
    {
        int copied = 0;
        string failure = "it still lacks chunks; one may be damaged here";
        try
        {
            for (int round = 0; round < RoundsMax; round++)
            {
                uint[] wanted = await OfferAsync(links, offer, ct);
                if (wanted.Length == 0)
                {
                    LogCopied(offer, copied, target);
                    return true;
                }

                foreach (uint[] some in wanted.Chunk(ChunksAtOnce))
                {
                    await Task.WhenAll(some.Select(index => CopyAsync(links, offer, index, ct)));
                    copied += some.Length;
                }
            }
        }
        catch (Exception error) when (error is LinkException or AskTimeoutException or AskTargetTerminatedException)
        {
            failure = error.Message;
        }

        node.Logger.AttachmentNotCopied(offer.Attachment.ToString(), target.Short, failure);
        return false;
    }

    private void LogCopied(OfferChunks offer, int copied, NodeId target)
    {
        if (copied > 0)
        {
            node.Logger.AttachmentCopied(offer.Attachment.ToString(), copied, target.Short);
        }
    }

    private async Task<uint[]> OfferAsync(PeerLinks links, OfferChunks offer, CancellationToken ct)
    {
        ChunksWanted answer = await links.Bulk.RequestAsync<ChunksWanted>(offer, node.Options.RequestTimeout, ct);
        return ChunkBits.AreFor(offer.Count, answer.Wanted.Span)
            ? [.. ChunkBits.Numbers(answer.Wanted)]
            : throw new LinkException(LinkFailure.Unexpected, "the answer is about another number of chunks");
    }

    private async Task CopyAsync(PeerLinks links, OfferChunks offer, uint index, CancellationToken ct)
    {
        TimeSpan timeout = node.Options.RequestTimeout;
        LinkMessage read = await attachments.Ask<LinkMessage>(new GetChunk(offer.Attachment, index), timeout, ct);
        if (read is Chunk chunk)
        {
            await links.Bulk.RequestAsync<Done>(
                new PutChunk(offer.Attachment, index, offer.Count, chunk.Content), timeout, ct);
        }
    }
}
