using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Signatures;

/// <summary>An ML-DSA-65 private key with its expanded form, for those who sign often.</summary>
/// <remarks>
/// Safe to use from any thread, also while another disposes it: the secrets are zeroed when the last signature under
/// way is done. Time and memory access do not depend on secrets, but for how many candidates signing rejects.
/// </remarks>
/// <standard>FIPS 204, section 5; precomputation as section 6.2 allows.</standard>
public sealed class MlDsa65SigningKey : IDisposable
{
    private readonly SecretBytes _seed;
    private readonly MlDsaPrivateKey _key;
    private readonly byte[] _publicKey = new byte[MlDsa65.PublicKeySize];

    // The owner counts as one until it disposes; each signature under way as one more.
    private int _users = 1;
    private int _disposed;

    /// <summary>Expands a seed.</summary>
    /// <param name="seed">32 secret random bytes; copied, the caller zeroes them.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public MlDsa65SigningKey(ReadOnlySpan<byte> seed)
    {
        Size.Require(seed, MlDsa65.SeedSize);
        _seed = new SecretBytes(seed);
        _key = MlDsaPrivateKey.FromSeed(MlDsaParameters.MlDsa65, seed, _publicKey);
        Id = NodeId.Of(_publicKey);
    }

    /// <summary>The public key, 1952 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>The hash of the public key.</summary>
    public NodeId Id { get; }

    /// <summary>Makes a new key.</summary>
    /// <param name="random">Where the seed comes from.</param>
    public static MlDsa65SigningKey Generate(IRandomSource random)
    {
        Span<byte> seed = stackalloc byte[MlDsa65.SeedSize];
        try
        {
            random.Fill(seed);
            return new MlDsa65SigningKey(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The seed in a new array; the caller zeroes it.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public byte[] ExportSeed()
    {
        Enter();
        try
        {
            return _seed.Span.ToArray();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Signs a message, hedged with fresh randomness.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <returns>The signature, 3309 bytes.</returns>
    /// <exception cref="ArgumentException">The context is too long.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource random)
    {
        byte[] signature = new byte[MlDsa65.SignatureSize];
        Sign(message, context, random, signature);
        return signature;
    }

    /// <summary>Signs a message, hedged with fresh randomness.</summary>
    /// <param name="message">Any number of bytes.</param>
    /// <param name="context">What the signature is for; at most 255 bytes.</param>
    /// <param name="random">Where the 32 bytes of randomness come from.</param>
    /// <param name="signature">Receives 3309 bytes.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Sign(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource random, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> randomness = stackalloc byte[MlDsa65.RandomnessSize];
        Enter();
        try
        {
            random.Fill(randomness);
            MlDsaCore.Sign(_key, message, context, randomness, signature);
        }
        finally
        {
            Leave();
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Says whose key it is, by the public key's hash.</summary>
    public override string ToString() => $"MlDsa65SigningKey({Id.Short})";

    /// <summary>Zeroes the secrets once no signature is under way. May be called twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    private void Enter()
    {
        int users = Volatile.Read(ref _users);
        while (true)
        {
            ObjectDisposedException.ThrowIf(users == 0 || Volatile.Read(ref _disposed) != 0, this);
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return;
            }

            users = seen;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _key.Dispose();
            _seed.Dispose();
        }
    }
}
