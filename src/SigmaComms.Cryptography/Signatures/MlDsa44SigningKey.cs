using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>An ML-DSA-44 private key with its expanded form, for those who sign often.</summary>
/// <remarks>
/// Safe to use from any thread, also while another disposes it: the secrets are zeroed when the last signature under
/// way is done. Time and memory access do not depend on secrets, but for how many candidates signing rejects.
/// </remarks>
/// <standard>FIPS 204, section 5; precomputation as section 6.2 allows.</standard>
public sealed class MlDsa44SigningKey : IDisposable
{
    private readonly MlDsaSharedKey _key;

    /// <summary>Expands a seed.</summary>
    /// <param name="seed">32 secret random bytes; copied, the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public MlDsa44SigningKey(ReadOnlySpan<byte> seed)
        : this(new MlDsaSharedKey(MlDsaParameters.MlDsa44, seed))
    {
    }

    private MlDsa44SigningKey(MlDsaSharedKey key)
    {
        _key = key;
    }

    /// <summary>The public key, 1312 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    /// <summary>Whether the key was made from its seed, which then can be exported.</summary>
    public bool HasSeed => _key.HasSeed;

    /// <summary>Makes a new key.</summary>
    /// <param name="random">Where the seed comes from.</param>
    public static MlDsa44SigningKey Generate(IRandomSource random) =>
        new(MlDsaSharedKey.Generate(MlDsaParameters.MlDsa44, random));

    /// <summary>Takes in a private key in the standard's long form.</summary>
    /// <param name="privateKey">2560 secret bytes, perhaps from elsewhere; any other length gives false.</param>
    /// <param name="key">The key, if it was taken.</param>
    /// <returns>False if a coefficient is out of range, or the parts of the key do not belong together.</returns>
    public static bool TryImport(ReadOnlySpan<byte> privateKey, [NotNullWhen(true)] out MlDsa44SigningKey? key)
    {
        key = MlDsaSharedKey.TryImport(MlDsaParameters.MlDsa44, privateKey, out MlDsaSharedKey? shared)
            ? new MlDsa44SigningKey(shared)
            : null;
        return key is not null;
    }

    /// <summary>The seed in a new array; the caller zeroes it.</summary>
    /// <exception cref="InvalidOperationException">The key was imported without its seed.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public byte[] ExportSeed() => _key.ExportSeed();

    /// <summary>Signs a message, hedged with fresh randomness.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <returns>The signature, 2420 bytes.</returns>
    /// <exception cref="ArgumentException">The context is too long.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource random)
    {
        byte[] signature = new byte[MlDsa44.SignatureSize];
        Sign(message, context, random, signature);
        return signature;
    }

    /// <summary>Signs a message, hedged with fresh randomness.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <param name="signature">Receives 2420 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Sign(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource random, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(random);
        _key.Sign(message, context, random, signature);
    }

    /// <summary>Signs a message without randomness: the same signature each time, and easier prey for faults.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="signature">Receives 2420 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void SignDeterministically(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, Span<byte> signature) =>
        _key.Sign(message, context, null, signature);

    /// <summary>Signs the hash of a message (HashML-DSA), hedged; not the same as a signature of the message.</summary>
    /// <param name="algorithm">What hashes the message.</param>
    /// <param name="message">Any number of bytes; hashed here.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <param name="signature">Receives 2420 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or there is no such hash.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void SignPreHashed(
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        IRandomSource random,
        Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(random);
        _key.SignPreHashed(algorithm, message, context, random, signature);
    }

    /// <summary>Signs a message of which only the representative mu is known here (external mu), hedged.</summary>
    /// <param name="representative">64 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <param name="signature">Receives 2420 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void SignRepresentative(ReadOnlySpan<byte> representative, IRandomSource random, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(random);
        _key.SignRepresentative(representative, random, signature);
    }

    /// <summary>Zeroes the secrets once no signature is under way. May be called twice.</summary>
    public void Dispose() => _key.Dispose();
}
