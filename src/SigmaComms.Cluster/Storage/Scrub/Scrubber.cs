using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Scrub;

/// <summary>
/// Reads every fragment of this node and compares it with its root, slowly and again and again. What is damaged is
/// quarantined by the store and mended by the repair. A pass goes on where it was after a restart.
/// </summary>
/// <remarks>One pass at a time.</remarks>
internal sealed class Scrubber(
    IFragmentShelf shelf,
    IStripeBook book,
    RepairOptions options,
    RepairFigures figures,
    Action<StoredFragment> damaged,
    TimeProvider time,
    ILogger logger)
{
    private const int PageLength = 64;
    private const string MarkName = "scrub";

    private readonly ByteThrottle _throttle = new(options.ScrubBytesPerSecond, time);

    /// <summary>How far it has come.</summary>
    public ScrubMark Mark => ScrubMark.Decode(book.ReadMark(MarkName).Span);

    /// <summary>Whether it is time to begin a pass, or to go on with one.</summary>
    public bool IsDue
    {
        get
        {
            ScrubMark mark = Mark;
            return mark.IsRunning || time.GetUtcNow().UtcTicks - mark.StartedTicks >= options.ScrubInterval.Ticks;
        }
    }

    /// <summary>Begins a pass or goes on with one, to its end.</summary>
    /// <param name="ct">Stops it; the next call goes on.</param>
    /// <returns>False if the store did not give all.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        ScrubMark mark = Mark;
        if (!mark.IsRunning)
        {
            mark = new ScrubMark(time.GetUtcNow().UtcTicks, mark.EndedTicks, null, true);
        }

        while (true)
        {
            (StoreStatus status, IReadOnlyList<StoredFragment> page) =
                await shelf.ListAsync(mark.After, PageLength, ct);
            if (status != StoreStatus.Done)
            {
                return false;
            }

            if (page.Count == 0)
            {
                break;
            }

            foreach (StoredFragment own in page)
            {
                await ReadAsync(own, ct);
            }

            mark = mark with { After = page[^1].Label.Id };
            book.WriteMark(MarkName, mark.Encode());
        }

        mark = new ScrubMark(mark.StartedTicks, time.GetUtcNow().UtcTicks, null, false);
        book.WriteMark(MarkName, mark.Encode());
        logger.ScrubEnded(figures.Scrubbed, figures.Quarantined);
        return true;
    }

    /// <summary>Reads all fragments of a vault at once, out of turn.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False if the store did not give all.</returns>
    public async Task<bool> RunAsync(Digest vault, CancellationToken ct)
    {
        FragmentLabel? after = null;
        while (true)
        {
            (StoreStatus status, IReadOnlyList<StoredFragment> page) =
                await shelf.ListVaultAsync(vault, after, PageLength, ct);
            if (page.Count == 0)
            {
                return status == StoreStatus.Done;
            }

            foreach (StoredFragment own in page)
            {
                await ReadAsync(own, ct);
            }

            after = page[^1].Label;
        }
    }

    private async Task ReadAsync(StoredFragment own, CancellationToken ct)
    {
        if (!own.IsLive)
        {
            damaged(own);
            return;
        }

        await _throttle.TakeAsync(own.Label.Length, ct);
        StoreStatus status = await shelf.VerifyAsync(own.Label.Id, ct);
        if (status is StoreStatus.Done or StoreStatus.Corrupt)
        {
            figures.NoteScrubbed(own.Label.Length, status == StoreStatus.Done);
        }

        if (status == StoreStatus.Corrupt)
        {
            logger.FragmentRotten($"{own.Label.Id}");
            damaged(own);
        }
    }
}
