using System.Buffers.Binary;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Cryptography.Aead;

/// <summary>Seals and opens single segments of a stream with a key of that stream's own.</summary>
/// <standard>Hoang, Reyhanitabar, Rogaway, Vizar 2015, section 7; docs/formats/sealed-stream.md.</standard>
internal sealed class SegmentCipher : IDisposable
{
    public const int SaltSize = 32;

    private const int MagicSize = 4;
    private const int FixedSize = SealedStream.HeaderSize - SaltSize;
    private const int EndSize = sizeof(uint) + 1;
    private const byte Version = 1;
    private const byte SegmentBits = 16;
    private const byte XChaCha = 1;
    private const byte ChaCha = 2;

    private readonly AeadCipher _cipher;
    private readonly byte[] _nonce;

    private SegmentCipher(
        AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> associatedData)
    {
        byte[] info = [.. "SigmaComms sealed stream"u8, .. header[..FixedSize], .. associatedData];
        using SecretBytes derived = new(algorithm.KeySize + algorithm.NonceSize - EndSize);
        HkdfSha256.DeriveKey(key, header[FixedSize..], info, derived.Span);
        _cipher = algorithm.Create(derived.Span[..algorithm.KeySize]);
        _nonce = new byte[algorithm.NonceSize];
        derived.Span[algorithm.KeySize..].CopyTo(_nonce);
    }

    private static ReadOnlySpan<byte> Magic => "SGST"u8;

    /// <summary>Starts a stream.</summary>
    public static SegmentCipher Create(
        AeadAlgorithm algorithm,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> salt,
        Span<byte> header)
    {
        Magic.CopyTo(header);
        header[MagicSize] = Version;
        header[MagicSize + 1] = Number(algorithm);
        header[MagicSize + 2] = SegmentBits;
        header[MagicSize + 3] = 0;
        salt.CopyTo(header[FixedSize..]);
        return new SegmentCipher(algorithm, key, header, associatedData);
    }

    /// <summary>Reads an untrusted header; null if it is not one.</summary>
    public static SegmentCipher? Read(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> header)
    {
        if (header.Length != SealedStream.HeaderSize
            || !header.StartsWith(Magic)
            || header[MagicSize] != Version
            || header[MagicSize + 1] is not (XChaCha or ChaCha)
            || header[MagicSize + 2] != SegmentBits
            || header[MagicSize + 3] != 0)
        {
            return null;
        }

        AeadAlgorithm algorithm = header[MagicSize + 1] == XChaCha
            ? AeadAlgorithm.XChaCha20Poly1305
            : AeadAlgorithm.ChaCha20Poly1305;
        return new SegmentCipher(algorithm, key, header, associatedData);
    }

    public void Seal(long index, bool isLast, ReadOnlySpan<byte> plaintext, Span<byte> sealedSegment)
    {
        SetNonce(index, isLast);
        _cipher.Seal(_nonce, plaintext, default, sealedSegment);
    }

    public bool TryOpen(long index, bool isLast, ReadOnlySpan<byte> sealedSegment, Span<byte> plaintext)
    {
        SetNonce(index, isLast);
        return _cipher.TryOpen(_nonce, sealedSegment, default, plaintext);
    }

    public void Dispose() => _cipher.Dispose();

    private static byte Number(AeadAlgorithm algorithm)
    {
        if (algorithm == AeadAlgorithm.XChaCha20Poly1305)
        {
            return XChaCha;
        }

        return algorithm == AeadAlgorithm.ChaCha20Poly1305
            ? ChaCha
            : throw new ArgumentException($"{algorithm} is not used for sealed streams.", nameof(algorithm));
    }

    private void SetNonce(long index, bool isLast)
    {
        Invariant.Holds(index is >= 0 and < SealedStream.SegmentCountMax);
        BinaryPrimitives.WriteUInt32BigEndian(_nonce.AsSpan(_nonce.Length - EndSize), (uint)index);
        _nonce[^1] = isLast ? (byte)1 : (byte)0;
    }
}
