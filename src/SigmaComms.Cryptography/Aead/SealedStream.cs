namespace SigmaComms.Cryptography.Aead;

/// <summary>Sizes of a sealed stream: a header, then segments of 64 KiB, each with a tag.</summary>
/// <remarks>
/// Each segment's nonce holds its number and whether it is the last, so that none can be cut off, moved, repeated or
/// added unnoticed. Only the last segment may be shorter, and only an empty stream's is empty.
/// </remarks>
/// <standard>Hoang, Reyhanitabar, Rogaway, Vizar 2015, section 7 (STREAM); docs/formats/sealed-stream.md.</standard>
public static class SealedStream
{
    /// <summary>Size of a key: 32 bytes.</summary>
    public const int KeySize = 32;

    /// <summary>Size of the header: 40 bytes.</summary>
    public const int HeaderSize = 40;

    /// <summary>Bytes of plaintext in a segment, but the last: 65,536.</summary>
    public const int SegmentSize = 65_536;

    /// <summary>Size of a segment's tag: 16 bytes.</summary>
    public const int TagSize = AeadAlgorithm.TagSize;

    /// <summary>Bytes of a sealed segment, but the last: 65,552.</summary>
    public const int SealedSegmentSize = SegmentSize + TagSize;

    /// <summary>The most segments: 2^32, which is 256 TiB.</summary>
    public const long SegmentCountMax = 1L << 32;

    /// <summary>The most bytes of plaintext.</summary>
    public const long PlaintextSizeMax = SegmentCountMax * SegmentSize;

    /// <summary>How many bytes a stream has when it is sealed.</summary>
    /// <param name="plaintextSize">Bytes of plaintext.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than there can be.</exception>
    public static long SealedSize(long plaintextSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextSize, PlaintextSizeMax);
        long segments = Math.Max(1, (plaintextSize + SegmentSize - 1) / SegmentSize);
        return HeaderSize + plaintextSize + (segments * TagSize);
    }

    /// <summary>How many bytes of plaintext a sealed stream of this size holds, if it is whole.</summary>
    /// <param name="sealedSize">Bytes of the sealed stream; untrusted.</param>
    /// <param name="plaintextSize">Receives the bytes of plaintext; 0 if there is no such size.</param>
    /// <returns>False if no sealed stream has that size.</returns>
    public static bool TryPlaintextSize(long sealedSize, out long plaintextSize)
    {
        plaintextSize = 0;
        long body = sealedSize - HeaderSize;
        if (body < TagSize || body > SegmentCountMax * SealedSegmentSize)
        {
            return false;
        }

        long full = body / SealedSegmentSize;
        long rest = body % SealedSegmentSize;
        if (rest != 0 && (rest < TagSize || (rest == TagSize && full > 0)))
        {
            return false;
        }

        plaintextSize = (full * SegmentSize) + Math.Max(0, rest - TagSize);
        return true;
    }
}
