using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Platform;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An ML-DSA private key made ready to sign: the matrix expanded, the secrets transformed.</summary>
/// <remarks>
/// Secrets are in memory that does not move, and zeroed on dispose. Signing only reads, so any number of threads may
/// sign.
/// </remarks>
/// <standard>FIPS 204, sections 5.1, 6.1 and 7.2, algorithms 1, 6, 24 and 25.</standard>
internal sealed class MlDsaPrivateKey : IDisposable
{
    private const int Degree = MlDsaRing.Degree;
    private const int SeedSize = MlDsaParameters.SeedSize;
    private const uint DroppedBound = 1u << (MlDsaParameters.DroppedBits - 1);

    private readonly IMlDsaArithmetic _arithmetic;
    private readonly byte[] _maskKey = GC.AllocateArray<byte>(SeedSize, pinned: true);
    private readonly byte[] _publicSeed = new byte[SeedSize];
    private readonly byte[] _publicKeyHash = new byte[MlDsaParameters.HashSize];

    // The matrix, then the secrets.
    private readonly SecretCoefficients _room;

    // The framework's key, where the policy asks for it.
    private MLDsa? _platform;

    private MlDsaPrivateKey(MlDsaParameters set, IMlDsaArithmetic? arithmetic)
    {
        Set = set;
        _arithmetic = arithmetic ?? MlDsaArithmetic.Best;
        _room = new SecretCoefficients(SecretsStart + SecretsLength);
    }

    /// <summary>The parameter set.</summary>
    public MlDsaParameters Set { get; }

    /// <summary>A-hat, public.</summary>
    public ReadOnlySpan<uint> Matrix => _room.Span[..MatrixLength];

    /// <summary>s1, s2 and t0, transformed, canonical.</summary>
    public ReadOnlySpan<uint> Secrets => AllSecrets;

    /// <summary>s1, transformed, canonical.</summary>
    public ReadOnlySpan<uint> Secret1 => AllSecrets[..(Set.Columns * Degree)];

    /// <summary>s2, transformed, canonical.</summary>
    public ReadOnlySpan<uint> Secret2 => AllSecrets.Slice(Set.Columns * Degree, Set.Rows * Degree);

    /// <summary>t0, transformed, canonical.</summary>
    public ReadOnlySpan<uint> LowPart => AllSecrets[((Set.Columns + Set.Rows) * Degree)..];

    /// <summary>K, secret.</summary>
    public ReadOnlySpan<byte> MaskKey => _maskKey;

    /// <summary>tr, the hash of the public key.</summary>
    public ReadOnlySpan<byte> PublicKeyHash => _publicKeyHash;

    private int MatrixLength => Set.Rows * Set.Columns * Degree;

    // Expanding the matrix may overwrite a little beyond it.
    private int SecretsStart => MatrixLength + MlDsaAlignment.Slack;

    private int SecretsLength => (Set.Columns + (2 * Set.Rows)) * Degree;

    private Span<uint> AllSecrets => _room.Span[SecretsStart..];

    /// <summary>Expands a seed.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">xi, 32 secret bytes.</param>
    /// <param name="publicKey">Receives the public key.</param>
    /// <param name="arithmetic">Who computes; the fastest if it is not said.</param>
    public static MlDsaPrivateKey FromSeed(
        MlDsaParameters set, ReadOnlySpan<byte> seed, Span<byte> publicKey, IMlDsaArithmetic? arithmetic = null)
    {
        MlDsaPrivateKey key = new(set, arithmetic);
        key.Generate(seed, publicKey);
        key.TransformSecrets();
        key.ChooseSigner(seed);
        return key;
    }

    /// <summary>Writes the long form of the key that a seed gives.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">xi, 32 secret bytes.</param>
    /// <param name="publicKey">Receives the public key.</param>
    /// <param name="longKey">Receives the long form.</param>
    /// <param name="arithmetic">Who computes; the fastest if it is not said.</param>
    public static void Expand(
        MlDsaParameters set,
        ReadOnlySpan<byte> seed,
        Span<byte> publicKey,
        Span<byte> longKey,
        IMlDsaArithmetic? arithmetic = null)
    {
        using MlDsaPrivateKey key = new(set, arithmetic);
        key.Generate(seed, publicKey);
        key.Write(longKey);
    }

    /// <summary>Takes in a key in the long form.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="longKey">Bytes of the right number, perhaps from elsewhere.</param>
    /// <param name="arithmetic">Who computes; the fastest if it is not said.</param>
    /// <returns>Null if a coefficient of the secret is out of range.</returns>
    public static MlDsaPrivateKey? TryImport(
        MlDsaParameters set, ReadOnlySpan<byte> longKey, IMlDsaArithmetic? arithmetic = null)
    {
        MlDsaPrivateKey key = new(set, arithmetic);
        if (key.TryRead(longKey))
        {
            key.TransformSecrets();
            key.ChooseSigner(longKey);
            return key;
        }

        key.Dispose();
        return null;
    }

    /// <summary>As <see cref="TryImport"/>, with a check that the parts belong together.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="longKey">Bytes of the right number, perhaps from elsewhere.</param>
    /// <param name="publicKey">Receives the public key, or zeros.</param>
    /// <returns>Null if a coefficient is out of range, or t0 or tr is not what the other parts give.</returns>
    public static MlDsaPrivateKey? TryImportWhole(
        MlDsaParameters set, ReadOnlySpan<byte> longKey, Span<byte> publicKey)
    {
        MlDsaPrivateKey key = new(set, null);
        if (key.TryRead(longKey) && key.IsConsistent(publicKey))
        {
            key.TransformSecrets();
            key.ChooseSigner(longKey);
            return key;
        }

        publicKey.Clear();
        key.Dispose();
        return null;
    }

    /// <summary>Signs a representative.</summary>
    /// <param name="representative">mu, 64 bytes.</param>
    /// <param name="randomness">rnd, 32 bytes; all zero for deterministic signatures.</param>
    /// <param name="signature">Receives the signature.</param>
    public void Sign(ReadOnlySpan<byte> representative, ReadOnlySpan<byte> randomness, Span<byte> signature)
    {
        if (_platform is null)
        {
            _arithmetic.Sign(this, representative, randomness, signature);
            return;
        }

        PlatformMlDsa.Sign(_platform, representative, signature);
    }

    /// <summary>Zeroes the secrets and frees their memory. May be called twice; nobody may be signing.</summary>
    public void Dispose()
    {
        _room.Dispose();
        _platform?.Dispose();
        CryptographicOperations.ZeroMemory(_maskKey);
    }

    private void ChooseSigner(ReadOnlySpan<byte> key) =>
        _platform = CryptographyPolicy.UsesPlatform ? PlatformMlDsa.ImportPrivateKey(Set, key) : null;

    // Algorithm 6; leaves the secrets untransformed.
    [SkipLocalsInit]
    private void Generate(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> seeds = stackalloc byte[4 * SeedSize];
        try
        {
            Shake256.HashData(seed, [(byte)Set.Rows, (byte)Set.Columns], seeds);
            seeds[..SeedSize].CopyTo(_publicSeed);
            seeds[(3 * SeedSize)..].CopyTo(_maskKey);
            ExpandMatrix();
            _arithmetic.ExpandSecret(Set, seeds[SeedSize..(3 * SeedSize)], AllSecrets);
            ComputePublicKey(publicKey, AllSecrets[((Set.Columns + Set.Rows) * Degree)..]);
            Shake256.HashData(publicKey, _publicKeyHash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seeds);
        }
    }

    // t = A s1 + s2 from the untransformed secrets: its high part to the public key, its low part canonical.
    [SkipLocalsInit]
    private void ComputePublicKey(Span<byte> publicKey, Span<uint> lowPart)
    {
        const int HighSize = Degree / 8 * MlDsaParameters.HighBits;
        int rowSize = Set.Columns * Degree;
        Span<uint> transformed = stackalloc uint[rowSize];
        try
        {
            Secret1.CopyTo(transformed);
            _arithmetic.Transform(transformed);
            _publicSeed.CopyTo(publicKey);
            for (int row = 0; row < Set.Rows; row++)
            {
                Span<uint> low = lowPart.Slice(row * Degree, Degree);
                _arithmetic.Multiply(Matrix.Slice(row * rowSize, rowSize), transformed, low);
                MlDsaRing.Add(Secret2.Slice(row * Degree, Degree), low);
                MlDsaEncoding.PackHighPart(low, publicKey.Slice(SeedSize + (row * HighSize), HighSize));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(transformed));
        }
    }

    // Whether t0 and tr are those that rho, s1 and s2 give.
    [SkipLocalsInit]
    private bool IsConsistent(Span<byte> publicKey)
    {
        Span<uint> low = stackalloc uint[Set.Rows * Degree];
        Span<byte> hash = stackalloc byte[MlDsaParameters.HashSize];
        try
        {
            ComputePublicKey(publicKey, low);
            Shake256.HashData(publicKey, hash);
            return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(low), MemoryMarshal.AsBytes(LowPart))
                & CryptographicOperations.FixedTimeEquals(hash, _publicKeyHash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(low));
        }
    }

    // Algorithm 24; destroys the secrets.
    private void Write(Span<byte> longKey)
    {
        Take(ref longKey, SeedSize, _publicSeed);
        Take(ref longKey, SeedSize, _maskKey);
        Take(ref longKey, MlDsaParameters.HashSize, _publicKeyHash);
        for (int i = 0; i < Set.Columns + (2 * Set.Rows); i++)
        {
            bool isSecret = i < Set.Columns + Set.Rows;
            int bits = isSecret ? Set.SecretBits : MlDsaParameters.DroppedBits;
            uint bound = isSecret ? (uint)Set.SecretBound : DroppedBound;
            int size = Degree / 8 * bits;
            MlDsaEncoding.PackSigned(bound, bits, AllSecrets.Slice(i * Degree, Degree), longKey[..size]);
            longKey = longKey[size..];
        }
    }

    // Algorithm 25, and the range check that it leaves to the caller.
    private bool TryRead(ReadOnlySpan<byte> longKey)
    {
        longKey[..SeedSize].CopyTo(_publicSeed);
        longKey[SeedSize..(2 * SeedSize)].CopyTo(_maskKey);
        longKey.Slice(2 * SeedSize, MlDsaParameters.HashSize).CopyTo(_publicKeyHash);
        ReadOnlySpan<byte> rest = longKey[((2 * SeedSize) + MlDsaParameters.HashSize)..];
        int secretCount = Set.Columns + Set.Rows;
        int secretSize = secretCount * Set.SecretRowSize;
        uint bound = (uint)Set.SecretBound;
        ExpandMatrix();
        _arithmetic.TryUnpackSigned(
            rest[secretSize..],
            MlDsaParameters.DroppedBits,
            DroppedBound,
            2 * DroppedBound,
            AllSecrets[(secretCount * Degree)..]);
        return _arithmetic.TryUnpackSigned(
            rest[..secretSize], Set.SecretBits, bound, 2 * bound, AllSecrets[..(secretCount * Degree)]);
    }

    private void ExpandMatrix() =>
        _arithmetic.ExpandMatrix(Set, _publicSeed, _room.Span[..SecretsStart], Set.Columns);

    private void TransformSecrets() => _arithmetic.Transform(AllSecrets);

    private static void Take(ref Span<byte> rest, int size, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[size..];
    }
}
