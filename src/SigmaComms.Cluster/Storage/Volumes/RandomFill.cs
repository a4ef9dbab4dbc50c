using System.Buffers;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>Many random bytes quickly: the key stream of a cipher whose key is drawn and forgotten.</summary>
internal static class RandomFill
{
    private const int PartBytes = 1 << 20;

    /// <summary>Fills all of it.</summary>
    public static void Fill(IRandomSource random, Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[Aes256Gcm.KeySize];
        Span<byte> nonce = stackalloc byte[VolumeLayout.NonceSize];
        byte[] part = ArrayPool<byte>.Shared.Rent(Math.Min(PartBytes, destination.Length) + VolumeLayout.TagSize);
        for (; !destination.IsEmpty; destination = destination[Math.Min(PartBytes, destination.Length)..])
        {
            int size = Math.Min(PartBytes, destination.Length);
            random.Fill(key);
            using AesGcmCipher cipher = new(key);
            destination[..size].Clear();
            cipher.Seal(nonce, destination[..size], default, part.AsSpan(0, size + VolumeLayout.TagSize));
            part.AsSpan(0, size).CopyTo(destination);
        }

        ArrayPool<byte>.Shared.Return(part);
        CryptographicOperations.ZeroMemory(key);
    }
}
