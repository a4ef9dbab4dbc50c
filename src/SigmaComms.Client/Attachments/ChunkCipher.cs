using System.Buffers.Binary;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Attachments;

/// <summary>
/// Seals a file in chunks of 64 KiB so that a chunk that is changed, moved, missing or cut off is noticed. The nonce is
/// the chunk's number and whether it is the last; the key is fresh for every file, so no nonce repeats.
/// </summary>
/// <standard>The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM, SP
/// 800-38D.</standard>
public sealed class ChunkCipher : IDisposable
{
    /// <summary>Size of the key: 32 bytes.</summary>
    public const int KeySizeBytes = 32;

    /// <summary>Plain bytes in every chunk but the last: 64 KiB.</summary>
    public const int ChunkSizeBytes = 64 * 1024;

    /// <summary>What sealing adds to a chunk: 16 bytes.</summary>
    public const int TagSizeBytes = Aes256Gcm.TagSize;

    /// <summary>The longest file the format can hold: 4 GiB.</summary>
    public const long FileMaxBytes = 4L * 1024 * 1024 * 1024;

    private static readonly byte[] Label = "SigmaComms/1 attachment"u8.ToArray();

    private readonly AesGcmCipher _cipher;
    private readonly byte[] _associatedData;

    /// <summary>Prepares the cipher for one file.</summary>
    /// <param name="key">32 secret bytes.</param>
    /// <param name="id">The attachment's id, bound into every chunk.</param>
    /// <param name="sizeBytes">Size of the file, bound into every chunk.</param>
    public ChunkCipher(ReadOnlySpan<byte> key, Digest16 id, long sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySizeBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeBytes, FileMaxBytes);
        _cipher = new AesGcmCipher(key);
        var writer = new WireWriter();
        writer.Fixed(Label);
        writer.Id(id);
        _associatedData = writer.U64((ulong)sizeBytes).ToArray();
        SizeBytes = sizeBytes;
        ChunkCount = CountFor(sizeBytes);
    }

    /// <summary>Size of the file in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>How many chunks the file has; an empty file has one.</summary>
    public uint ChunkCount { get; }

    /// <summary>How many chunks a file of the given size has.</summary>
    /// <param name="sizeBytes">Size of the file.</param>
    public static uint CountFor(long sizeBytes) =>
        sizeBytes == 0 ? 1u : (uint)((sizeBytes + ChunkSizeBytes - 1) / ChunkSizeBytes);

    /// <summary>How many plain bytes the chunk has.</summary>
    /// <param name="index">Number of the chunk, from 0.</param>
    public int PlainSizeBytes(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ChunkCount);
        return index < ChunkCount - 1 ? ChunkSizeBytes : (int)(SizeBytes - ((long)index * ChunkSizeBytes));
    }

    /// <summary>Seals one chunk.</summary>
    /// <param name="index">Its number, from 0; seal each number once.</param>
    /// <param name="plain">Its bytes: <see cref="PlainSizeBytes"/> many.</param>
    /// <returns>The sealed chunk.</returns>
    public byte[] Seal(uint index, ReadOnlySpan<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plain.Length, PlainSizeBytes(index));
        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        WriteNonce(index, nonce);
        byte[] chunk = new byte[plain.Length + TagSizeBytes];
        _cipher.Seal(nonce, plain, _associatedData, chunk);
        return chunk;
    }

    /// <summary>Opens one chunk.</summary>
    /// <param name="index">The number it was asked for by.</param>
    /// <param name="chunk">Untrusted bytes.</param>
    /// <param name="plain">Receives <see cref="PlainSizeBytes"/> bytes; zeroed on failure.</param>
    /// <returns>False if it is not the chunk with this number of this file.</returns>
    public bool TryOpen(uint index, ReadOnlySpan<byte> chunk, Span<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plain.Length, PlainSizeBytes(index));
        if (chunk.Length != plain.Length + TagSizeBytes)
        {
            plain.Clear();
            return false;
        }

        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        WriteNonce(index, nonce);
        return _cipher.TryOpen(nonce, chunk, _associatedData, plain);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _cipher.Dispose();

    private void WriteNonce(uint index, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[7..], index);
        nonce[11] = index == ChunkCount - 1 ? (byte)1 : (byte)0;
    }
}
