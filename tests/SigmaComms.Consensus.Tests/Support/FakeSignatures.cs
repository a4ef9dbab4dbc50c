using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Tests.Support;

/// <summary>Signatures that cost nothing: a hash over key, context and message, as long as a true one.</summary>
internal sealed class FakeSignatures : ISignatureVerifier
{
    public static FakeSignatures Instance { get; } = new();

    /// <summary>A public key as long as a true one.</summary>
    public static byte[] Key(int number) => new SeededRandom((ulong)number + 1_000).Bytes(MlDsa65.PublicKeySize);

    public static byte[] Sign(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> context)
    {
        byte[] signature = new byte[MlDsa65.SignatureSize];
        SHA256.HashData(new WireWriter().Opaque16(key).Opaque8(context).Opaque24(message).Written, signature);
        return signature;
    }

    public bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        signature.SequenceEqual(Sign(publicKey, message, context));
}
