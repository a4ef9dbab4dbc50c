using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>The representative mu of a message, which is what is signed.</summary>
/// <standard>FIPS 204, algorithms 2 to 5 (the prefix) and line 6 of algorithm 7.</standard>
internal static class MlDsaMessage
{
    private const byte Pure = 0;
    private const byte PreHashed = 1;

    /// <summary>mu of a message with a context.</summary>
    /// <param name="publicKeyHash">tr.</param>
    /// <param name="message">The message.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="representative">Receives 64 bytes.</param>
    public static void Represent(
        ReadOnlySpan<byte> publicKeyHash,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> representative)
    {
        KeccakSponge sponge = Start(publicKeyHash, Pure, context);
        sponge.Absorb(message);
        sponge.Squeeze(representative);
        sponge.Clear();
    }

    /// <summary>mu of the hash of a message with a context.</summary>
    /// <param name="publicKeyHash">tr.</param>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="representative">Receives 64 bytes.</param>
    public static void RepresentPreHashed(
        ReadOnlySpan<byte> publicKeyHash,
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        Span<byte> representative)
    {
        Span<byte> identifier = stackalloc byte[PreHash.IdentifierSize];
        Span<byte> hash = stackalloc byte[PreHash.HashSizeMax];
        PreHash.WriteIdentifier(algorithm, identifier);
        hash = hash[..PreHash.HashData(algorithm, message, hash)];
        KeccakSponge sponge = Start(publicKeyHash, PreHashed, context);
        sponge.Absorb(identifier);
        sponge.Absorb(hash);
        sponge.Squeeze(representative);
        sponge.Clear();
    }

    /// <summary>mu of a message without prefix: the standard's internal interface, for its test vectors.</summary>
    /// <param name="publicKeyHash">tr.</param>
    /// <param name="message">M', which has its prefix already.</param>
    /// <param name="representative">Receives 64 bytes.</param>
    public static void RepresentInternal(
        ReadOnlySpan<byte> publicKeyHash, ReadOnlySpan<byte> message, Span<byte> representative) =>
        Shake256.HashData(publicKeyHash, message, representative);

    private static KeccakSponge Start(ReadOnlySpan<byte> publicKeyHash, byte kind, ReadOnlySpan<byte> context)
    {
        KeccakSponge sponge = KeccakSponge.Shake256();
        sponge.Absorb(publicKeyHash);
        sponge.Absorb([kind, (byte)context.Length]);
        sponge.Absorb(context);
        return sponge;
    }
}
