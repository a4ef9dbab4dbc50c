using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// Writes what a stream holds as stripes. When nodes are away it begins again behind the last stripe that was taken.
/// </summary>
internal sealed class StripeUpload(StripeScatter scatter, Func<string> explain, TimeProvider time)
{
    /// <summary>Writes.</summary>
    /// <param name="source">Can be read anew from any position.</param>
    /// <param name="counted">Told of bytes that nodes have, from the beginning on.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">Too few nodes take stripes, for too long.</exception>
    public async Task<List<StripeEntry>> RunAsync(Stream source, Action<long> counted, CancellationToken ct)
    {
        List<StripeEntry> written = [];
        TransferPatience patience = new(time);
        long done = 0;
        while (true)
        {
            source.Position = done;
            try
            {
                await foreach (ScatteredStripe stripe in scatter.WriteAsync(source, ct))
                {
                    written.Add(stripe.Entry);
                    done += stripe.Entry.PlaintextLength;
                    patience.NoteProgress();
                    counted(done);
                }

                return written;
            }
            catch (ScatterException failed)
            {
                if (failed.Faults.Count > 0 && failed.Faults.All(fault => fault.Status == StoreStatus.Refused))
                {
                    throw new ClientException(
                        ClientFailure.Refused, $"The storage nodes refused the attachment: {explain()}", failed);
                }

                if (patience.IsOver)
                {
                    throw new ClientException(
                        ClientFailure.Unavailable,
                        "Too few storage nodes took a part of the file within "
                        + $"{TransferPatience.StallMax.TotalSeconds:F0} s: {explain()}. Try again.",
                        failed);
                }
            }

            await patience.PauseAsync(ct);
        }
    }
}
