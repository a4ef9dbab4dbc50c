using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Collection;

/// <summary>
/// Deletes fragments of stripes that were dropped, of stripes that no entry of the log has added in time, and of
/// attachments whose time is over. Counts what attachments take.
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
    AttachmentRoom attachments,
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
        long attachmentBytes = 0;
        attachments.BeginCount();
        long deleted = figures.Dropped + figures.Expired;
        (StoreStatus status, IReadOnlyList<StoredFragment> page) = await shelf.ListAsync(null, PageLength, ct);
        while (page.Count > 0)
        {
            foreach (StoredFragment own in page)
            {
                bool isGone = await JudgeAsync(own, isCaughtUp ? oldest : DateTimeOffset.MinValue, ct);
                bool isAttachment = !isGone && AttachmentVault.TryGetDay(own.Label.Vault, out _);
                attachmentBytes += isAttachment ? AttachmentRoom.CostOf(own.Label) : 0;
            }

            (status, page) = await shelf.ListAsync(page[^1].Label.Id, PageLength, ct);
        }

        if (status == StoreStatus.Done)
        {
            attachments.EndCount(attachmentBytes);
        }

        book.Forget((time.GetUtcNow() - DroppedMemory).UtcTicks);
        deleted = figures.Dropped + figures.Expired - deleted;
        if (deleted > 0)
        {
            logger.FragmentsCollected(deleted);
        }
    }

    /// <returns>Whether the fragment is gone now.</returns>
    private async Task<bool> JudgeAsync(StoredFragment own, DateTimeOffset oldest, CancellationToken ct)
    {
        FragmentFate fate = judge.Judge(own);
        bool isExpired = fate == FragmentFate.Staged && own.StoredAt <= oldest;
        bool mustGo = isExpired || fate == FragmentFate.Dropped;
        if (!mustGo || await shelf.DeleteAsync(own.Label.Id, ct) != StoreStatus.Done)
        {
            return false;
        }

        if (isExpired)
        {
            figures.NoteExpired();
        }
        else
        {
            figures.NoteDropped();
        }

        return true;
    }
}
