using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>A fragment of which some parts have come. Belongs to whoever holds the guest's lock.</summary>
internal sealed class FragmentAssembly(FragmentLabel label)
{
    private int _filled;

    /// <summary>What it will be.</summary>
    public FragmentLabel Label => label;

    /// <summary>Its room.</summary>
    public RentedBytes Room { get; } = new(label.Length);

    /// <summary>When its last part came, on the monotonic clock.</summary>
    public TimeSpan LastPart { get; private set; }

    /// <summary>Whether all parts have come.</summary>
    public bool IsWhole => _filled == label.Length;

    /// <summary>Adds the next part: all but the last are as long as parts can be.</summary>
    /// <returns>False if it is not the next one.</returns>
    public bool TryAdd(uint offset, ReadOnlySpan<byte> part, TimeSpan now)
    {
        if (offset != (uint)_filled
            || part.Length != Math.Min(LinkLimits.FragmentPartBytes, label.Length - _filled))
        {
            return false;
        }

        part.CopyTo(Room.Memory.Span[_filled..]);
        _filled += part.Length;
        LastPart = now;
        return true;
    }
}
