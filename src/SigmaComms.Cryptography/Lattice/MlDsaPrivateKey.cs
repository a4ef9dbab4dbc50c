using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An ML-DSA private key made ready to sign: the matrix expanded, the secrets transformed.</summary>
/// <remarks>Secrets are pinned and zeroed on dispose. Signing only reads, so any number of threads may sign.</remarks>
/// <standard>FIPS 204, sections 5.1, 6.1 and 7.2, algorithms 1, 6, 24 and 25.</standard>
internal sealed class MlDsaPrivateKey : IDisposable
{
    private const int Degree = MlDsaRing.Degree;
    private const int SeedSize = MlDsaParameters.SeedSize;
    private const uint DroppedBound = 1u << (MlDsaParameters.DroppedBits - 1);

    private readonly uint[] _matrix;
    private readonly uint[] _secrets;
    private readonly byte[] _maskKey = GC.AllocateArray<byte>(SeedSize, pinned: true);
    private readonly byte[] _publicSeed = new byte[SeedSize];
    private readonly byte[] _publicKeyHash = new byte[MlDsaParameters.HashSize];

    private MlDsaPrivateKey(MlDsaParameters set)
    {
        Set = set;
        _matrix = new uint[set.Rows * set.Columns * Degree];
        _secrets = GC.AllocateArray<uint>((set.Columns + (2 * set.Rows)) * Degree, pinned: true);
    }

    /// <summary>The parameter set.</summary>
    public MlDsaParameters Set { get; }

    /// <summary>A-hat, public.</summary>
    public ReadOnlySpan<uint> Matrix => _matrix;

    /// <summary>s1, transformed, canonical.</summary>
    public ReadOnlySpan<uint> Secret1 => _secrets.AsSpan(0, Set.Columns * Degree);

    /// <summary>s2, transformed, canonical.</summary>
    public ReadOnlySpan<uint> Secret2 => _secrets.AsSpan(Set.Columns * Degree, Set.Rows * Degree);

    /// <summary>t0, transformed, canonical.</summary>
    public ReadOnlySpan<uint> LowPart => _secrets.AsSpan((Set.Columns + Set.Rows) * Degree);

    /// <summary>K, secret.</summary>
    public ReadOnlySpan<byte> MaskKey => _maskKey;

    /// <summary>tr, the hash of the public key.</summary>
    public ReadOnlySpan<byte> PublicKeyHash => _publicKeyHash;

    /// <summary>Expands a seed.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">xi, 32 secret bytes.</param>
    /// <param name="publicKey">Receives the public key.</param>
    public static MlDsaPrivateKey FromSeed(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        MlDsaPrivateKey key = new(set);
        key.Generate(seed, publicKey);
        key.TransformSecrets();
        return key;
    }

    /// <summary>Writes the long form of the key that a seed gives.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">xi, 32 secret bytes.</param>
    /// <param name="publicKey">Receives the public key.</param>
    /// <param name="longKey">Receives the long form.</param>
    public static void Expand(
        MlDsaParameters set, ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> longKey)
    {
        using MlDsaPrivateKey key = new(set);
        key.Generate(seed, publicKey);
        key.Write(longKey);
    }

    /// <summary>Takes in a key in the long form.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="longKey">Bytes of the right number, perhaps from elsewhere.</param>
    /// <returns>Null if a coefficient of the secret is out of range.</returns>
    public static MlDsaPrivateKey? TryImport(MlDsaParameters set, ReadOnlySpan<byte> longKey)
    {
        MlDsaPrivateKey key = new(set);
        if (key.TryRead(longKey))
        {
            key.TransformSecrets();
            return key;
        }

        key.Dispose();
        return null;
    }

    /// <summary>Zeroes the secrets. May be called twice.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_secrets.AsSpan()));
        CryptographicOperations.ZeroMemory(_maskKey);
    }

    // Algorithm 6; leaves the secrets untransformed.
    [SkipLocalsInit]
    private void Generate(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        Span<byte> seeds = stackalloc byte[4 * SeedSize];
        Span<uint> transformed = stackalloc uint[Set.Columns * Degree];
        try
        {
            Shake256.HashData(seed, [(byte)Set.Rows, (byte)Set.Columns], seeds);
            seeds[..SeedSize].CopyTo(_publicSeed);
            seeds[(3 * SeedSize)..].CopyTo(_maskKey);
            MlDsaSampling.ExpandMatrix(Set, _publicSeed, _matrix);
            MlDsaSampling.ExpandSecret(Set, seeds[SeedSize..(3 * SeedSize)], _secrets);
            Secret1.CopyTo(transformed);
            TransformEach(transformed);
            _publicSeed.CopyTo(publicKey);
            for (int row = 0; row < Set.Rows; row++)
            {
                Span<uint> low = _secrets.AsSpan((Set.Columns + Set.Rows + row) * Degree, Degree);
                int rowSize = Set.Columns * Degree;
                MlDsaRing.MultiplyRow(_matrix.AsSpan(row * rowSize, rowSize), transformed, low);
                MlDsaRing.TransformBack(low);
                MlDsaRing.Add(Secret2.Slice(row * Degree, Degree), low);
                int size = Degree / 8 * MlDsaParameters.HighBits;
                MlDsaEncoding.PackHighPart(low, publicKey.Slice(SeedSize + (row * size), size));
            }

            Shake256.HashData(publicKey, _publicKeyHash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seeds);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(transformed));
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
            MlDsaEncoding.PackSigned(bound, bits, _secrets.AsSpan(i * Degree, Degree), longKey[..size]);
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
        int size = Set.SecretRowSize;
        bool inRange = true;
        for (int i = 0; i < Set.Columns + Set.Rows; i++)
        {
            inRange &= MlDsaEncoding.TryUnpackSecret(Set, rest[..size], _secrets.AsSpan(i * Degree, Degree));
            rest = rest[size..];
        }

        const int Bits = MlDsaParameters.DroppedBits;
        for (int i = Set.Columns + Set.Rows; i < Set.Columns + (2 * Set.Rows); i++)
        {
            const int LowSize = Degree / 8 * Bits;
            MlDsaEncoding.UnpackSigned(DroppedBound, Bits, rest[..LowSize], _secrets.AsSpan(i * Degree, Degree));
            rest = rest[LowSize..];
        }

        MlDsaSampling.ExpandMatrix(Set, _publicSeed, _matrix);
        return inRange;
    }

    private void TransformSecrets() => TransformEach(_secrets);

    private static void TransformEach(Span<uint> vector)
    {
        for (int at = 0; at < vector.Length; at += Degree)
        {
            MlDsaRing.Transform(vector.Slice(at, Degree));
        }

        MlDsaRing.ReduceAll(vector);
    }

    private static void Take(ref Span<byte> rest, int size, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[size..];
    }
}
