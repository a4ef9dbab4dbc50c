using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>
/// Deletes fragments of stripes that were dropped, and of stripes that no entry of the log has added in time.
/// </summary>
/// <remarks>One sweep at a time.</remarks>
internal sealed class Collector(
    IFragmentShelf shelf,
    IVaultLog log,
    IStripeBook book,
    FragmentJudge judge,
    StripeFollower follower,
    TimeSpan stagedAge,
    RepairFigures figures,
    TimeProvider time,
    ILogger logger)
{
    private const int PageLength = 256;

    // A repair that began before a stripe was dropped may still put one of its fragments; nothing takes as long.
    private static readonly TimeSpan DroppedMemory = TimeSpan.FromDays(30);

    /// <summary>Goes through all fragments.</summary>
    /// <param name="ct">Stops it.</param>
    public async Task SweepAsync(CancellationToken ct)
    {
        // An entry that adds an old stripe may be final elsewhere already. So what is old is told by the time before
        // the log was caught up with; without that, only what is known to be dropped goes.
        DateTimeOffset oldest = time.GetUtcNow() - stagedAge;
        bool isCaughtUp = await log.CatchUpAsync(ct);
        follower.Follow();
        FragmentId? after = null;
        long deleted = figures.Dropped + figures.Expired;
        while (await shelf.ListAsync(after, PageLength, ct) is { Page: { Count: > 0 } page })
        {
            foreach (StoredFragment own in page)
            {
                await JudgeAsync(own, isCaughtUp ? oldest : DateTimeOffset.MinValue, ct);
            }

            after = page[^1].Label.Id;
        }

        book.Forget((time.GetUtcNow() - DroppedMemory).UtcTicks);
        deleted = figures.Dropped + figures.Expired - deleted;
        if (deleted > 0)
        {
            logger.FragmentsCollected(deleted);
        }
    }

    private async Task JudgeAsync(StoredFragment own, DateTimeOffset oldest, CancellationToken ct)
    {
        FragmentFate fate = judge.Judge(own);
        bool isExpired = fate == FragmentFate.Staged && own.StoredAt <= oldest;
        if (fate != FragmentFate.Dropped && !isExpired)
        {
            return;
        }

        if (await shelf.DeleteAsync(own.Label.Id, ct) == StoreStatus.Done)
        {
            if (isExpired)
            {
                figures.NoteExpired();
            }
            else
            {
                figures.NoteDropped();
            }
        }
    }
}
