using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>
/// Goes through the fragments of this node: looks after their siblings, rebuilds what is lost, those with the fewest
/// survivors first, and then brings to its place what is not there. One round at a time.
/// </summary>
internal sealed class RepairRound(
    FragmentPaths paths,
    StripeCheck check,
    StripeRebuild rebuild,
    FragmentMove move,
    RepairQueue queue,
    Func<PlacementView?> current,
    Func<StoredFragment, bool> isKept,
    RepairOptions options,
    RepairFigures figures,
    ILogger logger)
{
    private const int PageLength = 256;
    private const int LooksAtOnce = 16;

    private long _fragments;
    private long _open;
    private bool _isMoving;

    /// <summary>Goes through the fragments.</summary>
    /// <param name="vault">Only those of this vault; null: all.</param>
    /// <param name="view">Where they belong.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<RoundResult> RunAsync(Digest? vault, PlacementView view, CancellationToken ct)
    {
        (_fragments, _open, _isMoving) = (0, 0, false);
        queue.ForgetOpen(vault);
        bool isWhole = await GoThroughAsync(vault, view, own => LookAsync(own, view, ct), ct);
        await DrainAsync(view, ct);
        if (isWhole && _isMoving)
        {
            isWhole = await GoThroughAsync(vault, view, own => BringAsync(own, view, ct), ct);
        }

        return new RoundResult(_fragments, _open, isWhole);
    }

    /// <summary>Mends fragments of this node that were found damaged.</summary>
    /// <param name="damaged">The fragments.</param>
    /// <param name="view">Where fragments belong.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<RoundResult> MendAsync(
        IReadOnlyCollection<StoredFragment> damaged, PlacementView view, CancellationToken ct)
    {
        (_fragments, _open, _isMoving) = (0, 0, false);
        foreach (StoredFragment own in damaged.Where(isKept))
        {
            await LookAsync(own with { State = FragmentState.Quarantined }, view, ct);
        }

        await DrainAsync(view, ct);
        return new RoundResult(_fragments, _open, true);
    }

    private async Task<bool> GoThroughAsync(
        Digest? vault, PlacementView view, Func<StoredFragment, Task> visit, CancellationToken ct)
    {
        FragmentLabel? after = null;
        while (current() is { } now && view.PlacesAs(now))
        {
            (StoreStatus status, IReadOnlyList<StoredFragment> page) =
                vault is { } one
                    ? await paths.Shelf.ListVaultAsync(one, after, PageLength, ct)
                    : await paths.Shelf.ListAsync(after?.Id, PageLength, ct);
            if (page.Count == 0)
            {
                return status == StoreStatus.Done;
            }

            foreach (StoredFragment[] some in page.Where(isKept).Chunk(LooksAtOnce))
            {
                await Task.WhenAll(some.Select(visit));
            }

            if (queue.IsFull)
            {
                await DrainAsync(view, ct);
            }

            after = page[^1].Label;
        }

        return false;
    }

    private async Task LookAsync(StoredFragment own, PlacementView view, CancellationToken ct)
    {
        Interlocked.Increment(ref _fragments);
        if (FragmentMove.TargetOf(own, view) is not null)
        {
            Volatile.Write(ref _isMoving, true);
        }

        (StripeDamage? damage, bool isSure) = await check.CheckAsync(own, view, ct);
        if (damage is not null && (!view.IsCutOff || !own.IsLive))
        {
            queue.Add(damage);
        }

        if (!isSure)
        {
            Interlocked.Increment(ref _open);
        }
    }

    private async Task BringAsync(StoredFragment own, PlacementView view, CancellationToken ct)
    {
        if (own.IsLive && !await move.RunAsync(own, view, ct))
        {
            Interlocked.Increment(ref _open);
        }
    }

    private async Task DrainAsync(PlacementView view, CancellationToken ct)
    {
        Task[] workers = new Task[options.StripesAtOnce];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = WorkAsync(view, ct);
        }

        await Task.WhenAll(workers);
    }

    private async Task WorkAsync(PlacementView view, CancellationToken ct)
    {
        while (queue.TryTake(out StoredFragment? own))
        {
            // It may have waited for long: what is lost now is what counts.
            (StripeDamage? damage, _) = await check.CheckAsync(own!, view, ct);
            RebuildResult result =
                damage is null ? RebuildResult.NotNeeded : await rebuild.RunAsync(damage, view, ct);
            queue.NoteOpen(own!, result is RebuildResult.Rebuilt or RebuildResult.NotNeeded ? 0 : damage!.Lost.Count);
            Note(own!, result);
        }
    }

    private void Note(StoredFragment own, RebuildResult result)
    {
        switch (result)
        {
            case RebuildResult.Rebuilt:
                logger.StripeRebuilt($"{own.Label.Stripe}");
                break;
            case RebuildResult.Inconsistent:
                // Trying again would not help; the next full round says so again.
                figures.NoteFailed();
                logger.StripeInconsistent($"{own.Label.Stripe}");
                break;
            case RebuildResult.TooFew or RebuildResult.NoPlace:
                Interlocked.Increment(ref _open);
                figures.NoteFailed();
                logger.StripeNotRebuilt($"{own.Label.Stripe}", result);
                break;
            default:
                break;
        }
    }
}
