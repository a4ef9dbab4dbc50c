using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus;

/// <summary>Verifies ML-DSA-65 signatures.</summary>
/// <standard>FIPS 204.</standard>
public sealed class MlDsa65Verifier : ISignatureVerifier
{
    private MlDsa65Verifier()
    {
    }

    /// <summary>The only one.</summary>
    public static MlDsa65Verifier Instance { get; } = new();

    /// <inheritdoc/>
    public bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature) =>
        publicKey.Length == MlDsa65.PublicKeySize
        && signature.Length == MlDsa65.SignatureSize
        && context.Length <= MlDsa65.ContextSizeMax
        && MlDsa65.Verify(publicKey, message, context, signature);
}
