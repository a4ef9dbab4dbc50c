using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Scatter;

/// <summary>The name under which a storage node keeps a fragment. Without the placement key it says nothing.</summary>
/// <param name="Value">The 32 bytes.</param>
/// <standard>FIPS 198-1 (HMAC) with SHA-256 over label, stripe id and index.</standard>
public readonly record struct FragmentId(Digest Value) : IComparable<FragmentId>
{
    /// <summary>Size of a placement key: 32 bytes.</summary>
    public const int PlacementKeySize = 32;

    /// <summary>Names a fragment.</summary>
    /// <param name="placementKey">32 secret bytes.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="index">0 to 254; data fragments come first.</param>
    /// <exception cref="ArgumentException">Key or index is out of its range.</exception>
    public static FragmentId Of(ReadOnlySpan<byte> placementKey, StripeId stripe, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, VaultShape.FragmentsMax);
        if (placementKey.Length != PlacementKeySize)
        {
            throw new ArgumentException("A placement key has 32 bytes.", nameof(placementKey));
        }

        ReadOnlySpan<byte> label = "sigma vault fragment 1"u8;
        Span<byte> message = stackalloc byte[label.Length + StripeId.SizeBytes + 1];
        label.CopyTo(message);
        stripe.CopyTo(message[label.Length..]);
        message[^1] = (byte)index;
        Span<byte> mac = stackalloc byte[Digest.SizeBytes];
        HMACSHA256.HashData(placementKey, message, mac);
        return new FragmentId(new Digest(mac));
    }

    /// <summary>Names all fragments of a stripe.</summary>
    /// <param name="placementKey">32 secret bytes.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="count">k + m: 1 to 255.</param>
    /// <exception cref="ArgumentException">Key or count is out of its range.</exception>
    public static FragmentId[] All(ReadOnlySpan<byte> placementKey, StripeId stripe, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        FragmentId[] ids = new FragmentId[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = Of(placementKey, stripe, i);
        }

        return ids;
    }

    /// <inheritdoc/>
    public int CompareTo(FragmentId other) => Value.CompareTo(other.Value);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Whether the left one sorts before the right one.</summary>
    public static bool operator <(FragmentId left, FragmentId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one sorts after the right one.</summary>
    public static bool operator >(FragmentId left, FragmentId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not sort after the right one.</summary>
    public static bool operator <=(FragmentId left, FragmentId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not sort before the right one.</summary>
    public static bool operator >=(FragmentId left, FragmentId right) => left.CompareTo(right) >= 0;
}
