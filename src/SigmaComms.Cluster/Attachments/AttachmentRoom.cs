using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// How much of a node attachments may take: what the last sweep found, and what has come since. Safe to use from any
/// thread.
/// </summary>
/// <param name="bytesMax">The most, as it is now.</param>
internal sealed class AttachmentRoom(Func<long> bytesMax)
{
    // A label has a root of each fragment, and what is about three of them beside.
    private const int LabelHeadRoots = 3;

    private readonly Lock _gate = new();
    private long _held;
    private long _since;

    /// <summary>Bytes that count as taken.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>What a fragment takes.</summary>
    public static long CostOf(FragmentLabel label) =>
        VolumeLayout.SlotSize(Digest.SizeBytes * (label.Siblings.Count + LabelHeadRoots), label.Length);

    /// <summary>Takes room for a fragment that comes; one that is there already counts twice until the next sweep.
    /// </summary>
    public bool TryTake(FragmentLabel label)
    {
        long cost = CostOf(label);
        lock (_gate)
        {
            if (_held + cost > bytesMax())
            {
                return false;
            }

            _held += cost;
            _since += cost;
            return true;
        }
    }

    /// <summary>A sweep begins: what comes from now on it may miss.</summary>
    public void BeginCount()
    {
        lock (_gate)
        {
            _since = 0;
        }
    }

    /// <summary>A sweep has gone through all fragments.</summary>
    /// <param name="bytes">What attachments take.</param>
    public void EndCount(long bytes)
    {
        lock (_gate)
        {
            _held = bytes + _since;
        }
    }
}
