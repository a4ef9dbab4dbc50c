using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// Reads stripes into a stream. When nodes are away it begins again with the first stripe that did not come.
/// </summary>
internal sealed class StripeDownload(StripeGather gather, StripeKeys keys, Func<string> explain, TimeProvider time)
{
    /// <summary>Reads.</summary>
    /// <param name="stripes">A run of stripes.</param>
    /// <param name="destination">Receives their plaintext in order; its position says how much it has.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">A stripe is gone or damaged, or nodes are away for too long.</exception>
    public async Task RunAsync(IReadOnlyList<StripeEntry> stripes, Stream destination, CancellationToken ct)
    {
        TransferPatience patience = new(time);
        int done = 0;
        while (done < stripes.Count)
        {
            GatherResult result = await gather.CopyToAsync(
                stripes.Skip(done).Select(stripe => new LockedStripe(stripe, keys)), destination, ct);
            if (result.Status == GatherStatus.Read)
            {
                return;
            }

            int before = done;
            done = (int)(destination.Position / StripeRun.StripeSizeBytes);
            if (done > before)
            {
                patience.NoteProgress();
            }

            Judge(stripes[done], result, patience);
            await patience.PauseAsync(ct);
        }
    }

    private void Judge(StripeEntry failed, GatherResult result, TransferPatience patience)
    {
        if (result.Status != GatherStatus.NeedsFragments)
        {
            throw Damaged("a part of it cannot be opened");
        }

        HashSet<FragmentId> fragments = [.. keys.Name(failed)];
        StoreStatus[] answers =
            [.. result.Faults.Where(fault => fragments.Contains(fault.Fragment)).Select(fault => fault.Status)];
        if (answers.Contains(StoreStatus.Unreachable))
        {
            if (patience.IsOver)
            {
                throw new ClientException(
                    ClientFailure.Unavailable,
                    $"Too few storage nodes gave a part of the attachment within "
                    + $"{TransferPatience.StallMax.TotalSeconds:F0} s: {explain()}. Try again.");
            }
        }
        else if (patience.NoteMissing())
        {
            int corrupt = answers.Count(answer => answer == StoreStatus.Corrupt);
            throw corrupt >= result.Missing
                ? Damaged($"{corrupt} fragments of a part of it are not those that were sent")
                : new ClientException(
                    ClientFailure.AttachmentMissing,
                    $"{result.Missing} more fragments of a part of the attachment are needed, and no node has them any "
                    + "more: ask the sender to send it again.");
        }
    }

    internal static ClientException Damaged(string why) => new(
        ClientFailure.AttachmentDamaged, $"The attachment is damaged: {why}. Ask the sender to send it again.");
}
