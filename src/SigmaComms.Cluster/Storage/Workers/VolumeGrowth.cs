using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Makes further volumes, as far as the node may have them and the disk has room.</summary>
internal static class VolumeGrowth
{
    /// <summary>Makes a volume; waits on the caller's thread.</summary>
    /// <param name="desk">What the store shares.</param>
    /// <param name="opening">Where it belongs.</param>
    /// <param name="number">Its number.</param>
    /// <param name="madeBytes">Bytes of the volumes there are.</param>
    /// <returns>Null if there may be no more.</returns>
    public static OpenedVolume? Make(StorageDesk desk, StorageOpening opening, int number, long madeBytes)
    {
        long sizeBytes = SizeOfNext(desk.Options, madeBytes, desk.Boundaries.FreeBytes());
        if (sizeBytes == 0)
        {
            return null;
        }

        VolumeFile file = VolumeFile.Create(opening.Disk, number, sizeBytes, desk.Key, desk.Random);
        try
        {
            opening.Index.SetVolume(new IndexedVolume(number, file.Header.Id, IsFilled: false));
            return new OpenedVolume(file, new VolumeSpace(number, sizeBytes, isFilled: false, []));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that volumes may have altogether.</summary>
    public static long CapacityOf(StorageOptions options, long madeBytes, long diskFreeBytes)
    {
        long possible = madeBytes + Math.Max(0, diskFreeBytes - options.ReserveBytes);
        return options.CapacityBytes is { } capacity ? capacity : possible;
    }

    private static long SizeOfNext(StorageOptions options, long madeBytes, long diskFreeBytes)
    {
        // An operator who names a capacity has made sure of it; only what is not there at all cannot be had.
        long possible = options.CapacityBytes is null ? diskFreeBytes - options.ReserveBytes : diskFreeBytes;
        long left = CapacityOf(options, madeBytes, diskFreeBytes) - madeBytes;
        long sizeBytes = Math.Min(options.VolumeBytes, Math.Min(left, possible));
        sizeBytes -= sizeBytes % VolumeLayout.BlockSize;
        return sizeBytes < options.VolumeBytesMin ? 0 : sizeBytes;
    }
}
