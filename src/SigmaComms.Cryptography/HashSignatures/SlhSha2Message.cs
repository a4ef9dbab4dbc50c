using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of messages of SLH-DSA with SHA-2.</summary>
/// <standard>FIPS 205, sections 11.2.1 and 11.2.2: PRF_msg and H_msg.</standard>
internal static class SlhSha2Message
{
    private const int HashSizeMax = 64;

    /// <summary>PRF_msg: HMAC.</summary>
    public static void Randomize(
        SlhParameters set,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> randomness,
        SlhMessage message,
        Span<byte> randomizer)
    {
        Span<byte> full = stackalloc byte[HashSizeMax];
        using IncrementalHash mac = IncrementalHash.CreateHMAC(Algorithm(set), secret);
        mac.AppendData(randomness);
        mac.AppendData(message.Prefix);
        mac.AppendData(message.Body);
        mac.GetHashAndReset(full);
        full[..set.HashSize].CopyTo(randomizer);
        CryptographicOperations.ZeroMemory(full);
    }

    /// <summary>H_msg: MGF1 over a hash of everything.</summary>
    public static void Digest(
        SlhParameters set,
        ReadOnlySpan<byte> randomizer,
        ReadOnlySpan<byte> publicKey,
        SlhMessage message,
        Span<byte> digest)
    {
        Span<byte> inner = stackalloc byte[HashSizeMax];
        using IncrementalHash hash = IncrementalHash.CreateHash(Algorithm(set));
        hash.AppendData(randomizer);
        hash.AppendData(publicKey);
        hash.AppendData(message.Prefix);
        hash.AppendData(message.Body);
        inner = inner[..hash.GetHashAndReset(inner)];

        Span<byte> counter = stackalloc byte[sizeof(uint)];
        Span<byte> mask = stackalloc byte[HashSizeMax];
        for (uint i = 0; !digest.IsEmpty; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, i);
            hash.AppendData(randomizer);
            hash.AppendData(publicKey[..set.HashSize]);
            hash.AppendData(inner);
            hash.AppendData(counter);
            int size = Math.Min(digest.Length, hash.GetHashAndReset(mask));
            mask[..size].CopyTo(digest);
            digest = digest[size..];
        }
    }

    private static HashAlgorithmName Algorithm(SlhParameters set) =>
        set.HashSize == 16 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
}
