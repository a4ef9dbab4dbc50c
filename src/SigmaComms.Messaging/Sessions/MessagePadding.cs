using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// Hides the length of a plaintext: a byte 0x80, then zeros up to the next bucket. Buckets are every 256 bytes up to
/// 2 KiB, every 1 KiB up to 16 KiB, every 4 KiB up to 64 KiB.
/// </summary>
/// <standard>The marker byte is padding method 2 of ISO/IEC 9797-1.</standard>
internal static class MessagePadding
{
    /// <summary>The largest bucket: 64 KiB.</summary>
    public const int BucketMaxBytes = 64 * 1024;

    private const byte Marker = 0x80;

    /// <summary>Size of the bucket for a plaintext of this length.</summary>
    public static int BucketFor(int plaintextBytes)
    {
        int needed = plaintextBytes + 1;
        int step = needed <= 2 * 1024 ? 256 : needed <= 16 * 1024 ? 1024 : 4096;
        int bucket = (needed + step - 1) / step * step;
        Invariant.Holds(bucket is > 0 and <= BucketMaxBytes);
        return bucket;
    }

    /// <summary>Whether a padded plaintext may have this size.</summary>
    public static bool IsBucket(int sizeBytes) =>
        sizeBytes is > 0 and <= BucketMaxBytes && BucketFor(sizeBytes - 1) == sizeBytes;

    /// <summary>Copies the plaintext into the bucket and fills it up.</summary>
    public static void Pad(ReadOnlySpan<byte> plaintext, Span<byte> bucket)
    {
        Invariant.Holds(bucket.Length == BucketFor(plaintext.Length));
        plaintext.CopyTo(bucket);
        bucket[plaintext.Length] = Marker;
        bucket[(plaintext.Length + 1)..].Clear();
    }

    /// <summary>Finds the plaintext in an authentic bucket.</summary>
    /// <returns>Its length, or -1 if the padding is not the one that <see cref="Pad"/> writes.</returns>
    public static int PlaintextLength(ReadOnlySpan<byte> bucket)
    {
        int marker = bucket.LastIndexOfAnyExcept((byte)0);
        return marker >= 0 && bucket[marker] == Marker && BucketFor(marker) == bucket.Length ? marker : -1;
    }
}
