using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Storage;

/// <summary>Asks a storage node for its own figures: what another node says of it is older, or nothing.</summary>
internal static class StorageSurvey
{
    /// <summary>Asks one node.</summary>
    /// <param name="known">What is known of it.</param>
    /// <param name="way">The way to it.</param>
    /// <param name="vault">The vault it is asked about.</param>
    /// <param name="limit">How long each of two answers may take.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<StorageNodeView> AskAsync(
        StorageNodeStatus known, StorageLink way, Digest vault, TimeSpan limit, CancellationToken ct)
    {
        try
        {
            if (await way.OpenAsync(ct) is not { } exchange)
            {
                return new StorageNodeView(known, false, way.LastFailure);
            }

            LinkMessage listed = await exchange.Link.RequestAsync(new GetStorageNodes(), limit, ct);
            StorageNodeStatus? own = (listed as StorageNodes)?.Nodes.FirstOrDefault(node => node.Id == known.Id);
            LinkMessage told =
                await exchange.Link.RequestAsync(new GetStorageReport(vault, StorageCheck.None), limit, ct);
            return new StorageNodeView(
                known with
                {
                    CapacityBytes = own?.CapacityBytes ?? known.CapacityBytes,
                    FreeBytes = own?.FreeBytes ?? known.FreeBytes,
                },
                true,
                told is Refused refused ? refused.Detail : "")
            {
                Report = told as StorageReport,
            };
        }
        catch (LinkException failed)
        {
            way.Note(failed.Message);
            return new StorageNodeView(known, way.IsOpen, failed.Message);
        }
    }
}
