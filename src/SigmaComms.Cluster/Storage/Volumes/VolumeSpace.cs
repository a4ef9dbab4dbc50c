using System.Collections;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// Which room of a volume is free. What was filled with random bytes is given out first; what was not yet, only if
/// there is nothing else.
/// </summary>
internal sealed class VolumeSpace
{
    private readonly FreeExtents _filled = new();
    private readonly FreeExtents _raw = new();
    private readonly BitArray _taken;

    /// <summary>Takes a volume.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="sizeBytes">Bytes of its file.</param>
    /// <param name="isFilled">Whether all of it was filled once.</param>
    /// <param name="used">Its slots by offset.</param>
    public VolumeSpace(int number, long sizeBytes, bool isFilled, IEnumerable<FragmentPlace> used)
    {
        Number = number;
        IsFilled = isFilled;
        SizeBytes = sizeBytes;
        FreeExtents free = isFilled ? _filled : _raw;
        _taken = new BitArray(BlockOf(sizeBytes));

        // The first and the last block are the volume's headers.
        int next = 1;
        foreach (FragmentPlace place in used)
        {
            int start = BlockOf(place.Offset);
            Invariant.Holds(start >= next);
            if (start > next)
            {
                free.Add(next, start - next);
            }

            next = start + BlockOf(place.SizeBytes);
            Invariant.Holds(next < _taken.Length);
            Mark(start, next - start, isTaken: true);
        }

        int end = BlockOf(sizeBytes) - 1;
        Invariant.Holds(next <= end);
        if (end > next)
        {
            free.Add(next, end - next);
        }
    }

    /// <summary>The volume's number.</summary>
    public int Number { get; }

    /// <summary>Bytes of the volume.</summary>
    public long SizeBytes { get; }

    /// <summary>Whether all of it was filled once, and nothing is left to do.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Free bytes.</summary>
    public long FreeBytes => (long)(_filled.Blocks + _raw.Blocks) * VolumeLayout.BlockSize;

    /// <summary>Bytes that no slot could ever use.</summary>
    public static long OverheadBytes => 2 * VolumeLayout.BlockSize;

    /// <summary>Sets room aside for a slot.</summary>
    /// <returns>Null if there is none.</returns>
    public FragmentPlace? Take(int sizeBytes)
    {
        int count = BlockOf(sizeBytes);
        int start = _filled.Take(count, isPartEnough: false, out _);
        start = start >= 0 ? start : _raw.Take(count, isPartEnough: false, out _);
        return start < 0 ? null : TakenAt(start, count);
    }

    /// <summary>Room is free again, and there are other bytes in it than zeros.</summary>
    public void Free(FragmentPlace place) => GiveBack(place, _filled);

    /// <summary>Sets room aside that has not been filled.</summary>
    /// <returns>Null if there is none: all is filled, or in use.</returns>
    public FragmentPlace? TakeRaw(int sizeBytes)
    {
        int start = _raw.Take(BlockOf(sizeBytes), isPartEnough: true, out int taken);
        return start < 0 ? null : TakenAt(start, taken);
    }

    /// <summary>Room could not be filled.</summary>
    public void FreeRaw(FragmentPlace place) => GiveBack(place, _raw);

    /// <summary>All was filled.</summary>
    public void NoteFilled() => IsFilled = true;

    private static int BlockOf(long bytes) => checked((int)(bytes / VolumeLayout.BlockSize));

    private FragmentPlace TakenAt(int start, int count)
    {
        Mark(start, count, isTaken: true);
        return new FragmentPlace(Number, (long)start * VolumeLayout.BlockSize, count * VolumeLayout.BlockSize);
    }

    private void GiveBack(FragmentPlace place, FreeExtents free)
    {
        int start = BlockOf(place.Offset);
        int count = BlockOf(place.SizeBytes);
        Mark(start, count, isTaken: false);
        free.Add(start, count);
    }

    // What is given out or given back twice would be two fragments' room: rather everything is opened anew.
    private void Mark(int start, int count, bool isTaken)
    {
        for (int block = start; block < start + count; block++)
        {
            Invariant.Holds(_taken[block] != isTaken);
            _taken[block] = isTaken;
        }
    }
}
