using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An expanded private key that any number of threads use, also while another disposes it.</summary>
/// <remarks>The secrets are zeroed when the last signature under way is done.</remarks>
/// <standard>FIPS 204, section 5.</standard>
internal sealed class MlDsaSharedKey : IDisposable
{
    private readonly SecretBytes? _seed;
    private readonly MlDsaPrivateKey _key;
    private readonly byte[] _publicKey;

    // The owner counts as one until it disposes; each signature under way as one more.
    private int _users = 1;
    private int _disposed;

    /// <summary>Expands a seed.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">32 secret bytes; copied.</param>
    public MlDsaSharedKey(MlDsaParameters set, ReadOnlySpan<byte> seed)
    {
        Size.Require(seed, MlDsaParameters.SeedSize);
        _publicKey = new byte[set.PublicKeySize];
        _seed = new SecretBytes(seed);
        _key = MlDsaPrivateKey.FromSeed(set, seed, _publicKey);
    }

    private MlDsaSharedKey(MlDsaPrivateKey key, byte[] publicKey)
    {
        _key = key;
        _publicKey = publicKey;
    }

    /// <summary>The public key.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Whether the seed is known.</summary>
    public bool HasSeed => _seed is not null;

    /// <summary>Makes a new key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="random">Where the seed comes from.</param>
    public static MlDsaSharedKey Generate(MlDsaParameters set, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> seed = stackalloc byte[MlDsaParameters.SeedSize];
        try
        {
            random.Fill(seed);
            return new MlDsaSharedKey(set, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Takes in a key in the long form.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="privateKey">Perhaps from elsewhere; any other length than the right one is refused.</param>
    /// <param name="key">The key, if it was taken.</param>
    public static bool TryImport(
        MlDsaParameters set, ReadOnlySpan<byte> privateKey, [NotNullWhen(true)] out MlDsaSharedKey? key)
    {
        key = null;
        if (privateKey.Length != set.PrivateKeySize)
        {
            return false;
        }

        byte[] publicKey = new byte[set.PublicKeySize];
        MlDsaPrivateKey? expanded = MlDsaPrivateKey.TryImportWhole(set, privateKey, publicKey);
        key = expanded is null ? null : new MlDsaSharedKey(expanded, publicKey);
        return key is not null;
    }

    /// <summary>The seed in a new array.</summary>
    public byte[] ExportSeed()
    {
        Enter();
        try
        {
            return _seed?.Span.ToArray()
                ?? throw new InvalidOperationException("A key in the long form does not tell its seed.");
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Signs a message; without a source of randomness always the same signature.</summary>
    public void Sign(
        ReadOnlySpan<byte> message, ReadOnlySpan<byte> context, IRandomSource? random, Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[MlDsaParameters.SeedSize];
        Enter();
        try
        {
            Draw(random, randomness);
            MlDsaCore.Sign(_key, message, context, randomness, signature);
        }
        finally
        {
            Leave();
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Signs the hash of a message.</summary>
    public void SignPreHashed(
        PreHashAlgorithm algorithm,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> context,
        IRandomSource? random,
        Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[MlDsaParameters.SeedSize];
        Enter();
        try
        {
            Draw(random, randomness);
            MlDsaCore.SignPreHashed(_key, algorithm, message, context, randomness, signature);
        }
        finally
        {
            Leave();
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Signs a representative.</summary>
    public void SignRepresentative(ReadOnlySpan<byte> representative, IRandomSource? random, Span<byte> signature)
    {
        Span<byte> randomness = stackalloc byte[MlDsaParameters.SeedSize];
        Enter();
        try
        {
            Draw(random, randomness);
            MlDsaCore.SignRepresentative(_key, representative, randomness, signature);
        }
        finally
        {
            Leave();
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    /// <summary>Zeroes the secrets once no signature is under way. May be called twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Leave();
        }
    }

    private static void Draw(IRandomSource? random, Span<byte> randomness)
    {
        if (random is null)
        {
            randomness.Clear();
        }
        else
        {
            random.Fill(randomness);
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
            _seed?.Dispose();
        }
    }
}
