using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Consensus;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Keys;

/// <summary>
/// A hash over key, context and message. Whoever has the public key could forge; the mocks that lie do not, and sign
/// in the names of others with what is no signature.
/// </summary>
/// <param name="voteSize">Bytes of a vote's signature: few where only order matters, 3,309 where bytes count.</param>
internal sealed class FastScheme(int voteSize) : ISignatureScheme, ISignatureVerifier
{
    public const int ShortSize = 24;

    public static FastScheme Short { get; } = new(ShortSize);

    /// <summary>With signatures as long as true ones.</summary>
    public static FastScheme FullSize { get; } = new(MlDsa65.SignatureSize);

    public ISignatureVerifier Verifier => this;

    public SimKey Make(ulong number)
    {
        byte[] key = new byte[MlDsa65.PublicKeySize];
        new SimRandom(number ^ 0x5EED_0F_CE11).Fill(key);
        return new SimKey(key, key);
    }

    public byte[] SignVote(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context) =>
        Sign(key.PublicKey, message, context, voteSize);

    public byte[] Sign(SimKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context) =>
        Sign(key.PublicKey, message, context, MlDsa65.SignatureSize);

    public bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        publicKey.Length == MlDsa65.PublicKeySize
        && signature.Length is ShortSize or MlDsa65.SignatureSize
        && signature.SequenceEqual(Sign(publicKey, message, context, signature.Length));

    private static byte[] Sign(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, int size)
    {
        byte[] input = new byte[32 + 2 + context.Length + message.Length];
        publicKey[..32].CopyTo(input);
        BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(32), (ushort)context.Length);
        context.CopyTo(input.AsSpan(34));
        message.CopyTo(input.AsSpan(34 + context.Length));
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        byte[] signature = new byte[size];
        hash[..ShortSize].CopyTo(signature);
        return signature;
    }
}
