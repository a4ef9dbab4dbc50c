using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>Pulls from one node the directory records that this one lacks.</summary>
internal sealed class DirectorySync(NodeContext node, IActorRef directory)
{
    /// <summary>Pulls page by page.</summary>
    /// <param name="peer">From whom.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether all was pulled; false if the link or the disk failed.</returns>
    public async Task<bool> RunAsync(NodeId peer, CancellationToken ct)
    {
        TimeSpan timeout = node.Options.RequestTimeout;
        NodeId? after = null;
        try
        {
            while (node.Links.Find(peer)?.Bulk is { } bulk)
            {
                RecordSummary page = await bulk.RequestAsync<RecordSummary>(new GetRecordSummary(after), timeout, ct);
                RecordSummary missing = await directory.Ask<RecordSummary>(new FindMissing(page.Heads), timeout, ct);
                foreach (RecordHead[] part in missing.Heads.Chunk(LinkLimits.RecordsPerPull))
                {
                    Records records = await bulk.RequestAsync<Records>(new RecordPull(part), timeout, ct);
                    if (await directory.Ask<LinkMessage>(new TakeRecords(records.Found), timeout, ct) is Refused)
                    {
                        return false;
                    }
                }

                if (!page.More || page.Heads.Count == 0)
                {
                    return true;
                }

                NodeId last = page.Heads[^1].Key;
                if (after is { } before && last <= before)
                {
                    node.Logger.DirectorySyncFailed(peer.Short, "its pages do not come to an end");
                    return false;
                }

                after = last;
            }

            return false;
        }
        catch (Exception error) when (error is LinkException or AskTimeoutException or AskTargetTerminatedException)
        {
            node.Logger.DirectorySyncFailed(peer.Short, error.Message);
            return false;
        }
    }
}
