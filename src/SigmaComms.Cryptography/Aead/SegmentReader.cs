using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Aead;

/// <summary>Opens single segments of a sealed stream in any order, for readers that seek.</summary>
/// <remarks>
/// A segment that opens is authentic and in its place. That the stream's size is true is known once its last segment
/// has opened. Not safe for use from two threads at once.
/// </remarks>
/// <standard>Hoang, Reyhanitabar, Rogaway, Vizar 2015, section 7 (STREAM); docs/formats/sealed-stream.md.</standard>
public sealed class SegmentReader : IDisposable
{
    private readonly SegmentCipher _cipher;

    private SegmentReader(SegmentCipher cipher, long plaintextSize)
    {
        _cipher = cipher;
        PlaintextSize = plaintextSize;
        SegmentCount = Math.Max(1, (plaintextSize + SealedStream.SegmentSize - 1) / SealedStream.SegmentSize);
    }

    /// <summary>Bytes of plaintext, if the sealed stream is as long as was said.</summary>
    public long PlaintextSize { get; }

    /// <summary>How many segments there are; at least one.</summary>
    public long SegmentCount { get; }

    /// <summary>Reads a header.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <param name="associatedData">What the stream is; the sealer said the same.</param>
    /// <param name="header">The first 40 bytes; untrusted, any length.</param>
    /// <param name="sealedSize">Bytes of the whole sealed stream; untrusted.</param>
    /// <param name="reader">The reader; the caller disposes it.</param>
    /// <returns>False if it is no header, or no sealed stream has that size.</returns>
    /// <exception cref="ArgumentException">The key has the wrong length.</exception>
    public static bool TryCreate(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> header,
        long sealedSize,
        [NotNullWhen(true)] out SegmentReader? reader)
    {
        Size.Require(key, SealedStream.KeySize);
        reader = null;
        if (!SealedStream.TryPlaintextSize(sealedSize, out long plaintextSize)
            || SegmentCipher.Read(key, associatedData, header) is not { } cipher)
        {
            return false;
        }

        reader = new SegmentReader(cipher, plaintextSize);
        return true;
    }

    /// <summary>Where a segment starts in the sealed stream.</summary>
    /// <param name="segment">Number of the segment, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public long SealedOffset(long segment)
    {
        RequireSegment(segment);
        return SealedStream.HeaderSize + (segment * SealedStream.SealedSegmentSize);
    }

    /// <summary>How many bytes of plaintext a segment has; sealed it has 16 more.</summary>
    /// <param name="segment">Number of the segment, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public int SegmentSize(long segment)
    {
        RequireSegment(segment);
        return (int)Math.Min(SealedStream.SegmentSize, PlaintextSize - (segment * SealedStream.SegmentSize));
    }

    /// <summary>Opens one segment.</summary>
    /// <param name="segment">Number of the segment, from 0.</param>
    /// <param name="sealedSegment">Its sealed bytes; untrusted, any length.</param>
    /// <param name="plaintext">Receives as many bytes as <see cref="SegmentSize"/> says.</param>
    /// <returns>False, with the output zeroed, if that is not the stream's segment of that number.</returns>
    /// <exception cref="ArgumentException">There is no such segment, or the output has the wrong length.</exception>
    public bool TryOpen(long segment, ReadOnlySpan<byte> sealedSegment, Span<byte> plaintext)
    {
        Size.Require(plaintext, SegmentSize(segment));
        if (sealedSegment.Length != plaintext.Length + SealedStream.TagSize)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            return false;
        }

        return _cipher.TryOpen(segment, segment == SegmentCount - 1, sealedSegment, plaintext);
    }

    /// <summary>Forgets the key. May be called twice.</summary>
    public void Dispose() => _cipher.Dispose();

    private void RequireSegment(long segment)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segment);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(segment, SegmentCount);
    }
}
