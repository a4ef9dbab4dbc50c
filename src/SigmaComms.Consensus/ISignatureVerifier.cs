namespace SigmaComms.Consensus;

/// <summary>Says whether a signature is good; the same answer on every machine.</summary>
public interface ISignatureVerifier
{
    /// <summary>Whether the key's owner signed the message for the context. Never throws.</summary>
    /// <param name="publicKey">The public key; untrusted.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">The signature; untrusted.</param>
    bool Verify(
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> signature);
}
