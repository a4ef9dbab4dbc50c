using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;
using Shake128 = SigmaComms.Cryptography.Hashing.Shake128;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>Hashes a message before it is signed, and names the hash.</summary>
/// <standard>FIPS 204, section 5.4.1, algorithms 4 and 5.</standard>
internal static class PreHash
{
    /// <summary>Bytes of the hash's encoded object identifier: 11.</summary>
    public const int IdentifierSize = 11;

    /// <summary>Most bytes of a hash: 64.</summary>
    public const int HashSizeMax = 64;

    // DER of 2.16.840.1.101.3.4.2, with the length of the whole.
    private static ReadOnlySpan<byte> IdentifierStart => [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

    /// <summary>The DER encoding of the hash's object identifier.</summary>
    /// <param name="algorithm">The hash.</param>
    /// <param name="identifier">Receives 11 bytes.</param>
    public static void WriteIdentifier(PreHashAlgorithm algorithm, Span<byte> identifier)
    {
        IdentifierStart.CopyTo(identifier);
        identifier[^1] = (byte)algorithm;
    }

    /// <summary>Hashes the message.</summary>
    /// <param name="algorithm">The hash.</param>
    /// <param name="message">The message.</param>
    /// <param name="hash">Room for 64 bytes.</param>
    /// <returns>How many bytes the hash has.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such hash.</exception>
    public static int HashData(PreHashAlgorithm algorithm, ReadOnlySpan<byte> message, Span<byte> hash)
    {
        int size = HashSize(algorithm);
        hash = hash[..size];
        switch (algorithm)
        {
            case PreHashAlgorithm.Sha256:
                SHA256.HashData(message, hash);
                break;
            case PreHashAlgorithm.Sha384:
                SHA384.HashData(message, hash);
                break;
            case PreHashAlgorithm.Sha512:
                SHA512.HashData(message, hash);
                break;
            case PreHashAlgorithm.Sha224:
                Sha224.HashData(message, hash);
                break;
            case PreHashAlgorithm.Sha512Cut224 or PreHashAlgorithm.Sha512Cut256:
                Sha512Cut.HashData(message, hash);
                break;
            case PreHashAlgorithm.Shake128:
                Shake128.HashData(message, hash);
                break;
            case PreHashAlgorithm.Shake256:
                Shake256.HashData(message, hash);
                break;
            default:
                Sha3.HashData(message, default, hash);
                break;
        }

        return size;
    }

    private static int HashSize(PreHashAlgorithm algorithm) => algorithm switch
    {
        PreHashAlgorithm.Sha224 or PreHashAlgorithm.Sha512Cut224 or PreHashAlgorithm.Sha3Of224 => 28,
        PreHashAlgorithm.Sha256 or PreHashAlgorithm.Sha512Cut256 or PreHashAlgorithm.Sha3Of256 => 32,
        PreHashAlgorithm.Shake128 => 32,
        PreHashAlgorithm.Sha384 or PreHashAlgorithm.Sha3Of384 => 48,
        PreHashAlgorithm.Sha512 or PreHashAlgorithm.Sha3Of512 or PreHashAlgorithm.Shake256 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No such hash."),
    };
}
