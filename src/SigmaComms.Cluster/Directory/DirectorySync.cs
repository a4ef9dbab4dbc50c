using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>Pulls from one node the directory records that this one lacks.</summary>
internal sealed class DirectorySync(NodeContext node, IActorRef directory)
{
    /// <summary>
    /// Pulls page by page: first the accounts, for the bundles are verified by the keys that these name.
    /// </summary>
    /// <param name="peer">From whom.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Whether all was pulled; false if the link or the disk failed.</returns>
    public async Task<bool> RunAsync(NodeId peer, CancellationToken ct)
    {
        try
        {
            return await PullAsync(peer, RecordKind.Account, ct) && await PullAsync(peer, RecordKind.LastResort, ct);
        }
        catch (Exception error) when (error is LinkException or AskTimeoutException or AskTargetTerminatedException)
        {
            node.Logger.DirectorySyncFailed(peer.Short, error.Message);
            return false;
        }
    }

    private async Task<bool> PullAsync(NodeId peer, RecordKind kind, CancellationToken ct)
    {
        TimeSpan timeout = node.Options.RequestTimeout;
        NodeId? after = null;
        while (node.Links.Find(peer)?.Bulk is { } bulk)
        {
            RecordSummary page = await bulk.RequestAsync<RecordSummary>(new GetRecordSummary(after), timeout, ct);
            RecordSummary missing = await directory.Ask<RecordSummary>(
                new FindMissing([.. page.Heads.Where(head => head.Kind == kind)]), timeout, ct);
            foreach (RecordHead[] part in missing.Heads.Chunk(LinkLimits.RecordsPerPull))
            {
                Records records = await bulk.RequestAsync<Records>(new RecordPull(part), timeout, ct);
                DirectoryRecord[] believed = await BelievedAsync(records.Found);
                if (await directory.Ask<LinkMessage>(new TakeRecords(believed), timeout, ct) is Refused)
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

    /// <summary>Bundles are judged by their signature; that an account counts, a majority must say.</summary>
    private async Task<DirectoryRecord[]> BelievedAsync(IReadOnlyList<DirectoryRecord> found)
    {
        bool[] believed = await Task.WhenAll(found.Select(record => record.Head.Kind == RecordKind.Account
            ? new VoteRound(node, directory).HasMajorityAsync(record.Content)
            : Task.FromResult(true)));
        return [.. found.Where((_, index) => believed[index])];
    }
}
