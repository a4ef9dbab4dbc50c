namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>Checks signatures; nothing here is secret.</summary>
/// <standard>FIPS 205, algorithm 20.</standard>
internal static class SlhVerifier
{
    /// <summary>Whether the signature is the key holder's for exactly this message.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicKey">PK.seed and PK.root; any other length gives false.</param>
    /// <param name="message">The message with its prefix.</param>
    /// <param name="signature">The signature; any other length gives false.</param>
    public static bool Verify(
        SlhParameters set, ReadOnlySpan<byte> publicKey, SlhMessage message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != set.PublicKeySize || signature.Length != set.SignatureSize)
        {
            return false;
        }

        int size = set.HashSize;
        Span<byte> digest = stackalloc byte[set.DigestSize];
        Span<byte> key = stackalloc byte[size];
        using SlhHash hash = SlhHash.Create(set, publicKey[..size], default);
        hash.Digest(signature[..size], publicKey, message, digest);
        SlhChoice choice = SlhChoice.Read(set, digest);
        SlhFewTime.RecoverKey(hash, choice, digest, signature.Slice(size, set.ForestSignatureSize), key);
        SlhTree.RecoverRoot(hash, choice, key, signature[(size + set.ForestSignatureSize)..]);
        return key.SequenceEqual(publicKey[size..]);
    }
}
