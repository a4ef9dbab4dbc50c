using SigmaComms.Cryptography.Hashing;

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
        HashFunction function = FunctionOf(algorithm);
        function.HashData(message, hash[..function.OutputSize]);
        return function.OutputSize;
    }

    private static HashFunction FunctionOf(PreHashAlgorithm algorithm) => algorithm switch
    {
        PreHashAlgorithm.Sha224 => HashFunction.Sha224,
        PreHashAlgorithm.Sha256 => HashFunction.Sha256,
        PreHashAlgorithm.Sha384 => HashFunction.Sha384,
        PreHashAlgorithm.Sha512 => HashFunction.Sha512,
        PreHashAlgorithm.Sha512Cut224 => HashFunction.Sha512Cut224,
        PreHashAlgorithm.Sha512Cut256 => HashFunction.Sha512Cut256,
        PreHashAlgorithm.Sha3Of224 => HashFunction.Sha3Of224,
        PreHashAlgorithm.Sha3Of256 => HashFunction.Sha3Of256,
        PreHashAlgorithm.Sha3Of384 => HashFunction.Sha3Of384,
        PreHashAlgorithm.Sha3Of512 => HashFunction.Sha3Of512,
        PreHashAlgorithm.Shake128 => HashFunction.Shake128,
        PreHashAlgorithm.Shake256 => HashFunction.Shake256,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No such hash."),
    };
}
