using System.Runtime.CompilerServices;
using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Platform;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An ML-DSA public key made ready for verifying: the matrix expanded, t1 transformed.</summary>
/// <remarks>
/// All of it is public. Verifying only reads, so any number of threads may verify. The expanded form has for each row
/// the polynomials of the matrix and then that of -t1, all transformed and canonical, so that A z - c t1 2^d is one
/// product of each row with z and c 2^d.
/// </remarks>
/// <standard>FIPS 204, sections 6.3 and 7.2, algorithms 8 and 23.</standard>
internal sealed class MlDsaPublicKey
{
    private const int Degree = MlDsaRing.Degree;
    private const int HighSize = Degree / 8 * MlDsaParameters.HighBits;

    private readonly uint[] _rows;
    private readonly int _start;
    private readonly byte[] _hash = new byte[MlDsaParameters.HashSize];
    private readonly IMlDsaArithmetic _arithmetic;

    // For the framework's code, where the policy asks for it.
    private readonly byte[]? _encoded;

    /// <summary>Expands a public key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicKey">Untrusted bytes of the right number; every such key is well formed.</param>
    /// <param name="arithmetic">Who computes; the fastest if it is not said.</param>
    public MlDsaPublicKey(MlDsaParameters set, ReadOnlySpan<byte> publicKey, IMlDsaArithmetic? arithmetic = null)
    {
        Size.Require(publicKey, set.PublicKeySize);
        Set = set;
        _arithmetic = arithmetic ?? MlDsaArithmetic.Best;
        _rows = GC.AllocateUninitializedArray<uint>(RowsLength(set) + MlDsaAlignment.Slack, pinned: true);
        _start = MlDsaAlignment.StartOf(_rows);
        Expand(_arithmetic, set, publicKey, _rows.AsSpan(_start));
        Shake256.HashData(publicKey, _hash);
        _encoded = CryptographyPolicy.UsesPlatform ? publicKey.ToArray() : null;
    }

    /// <summary>The parameter set.</summary>
    public MlDsaParameters Set { get; }

    /// <summary>tr, the hash of the key.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Whether the signature of a representative is good.</summary>
    /// <param name="representative">mu, 64 bytes.</param>
    /// <param name="signature">Untrusted bytes of the right number.</param>
    public bool Verify(ReadOnlySpan<byte> representative, ReadOnlySpan<byte> signature) => _encoded is not null
        ? PlatformMlDsa.Verify(Set, _encoded, representative, signature)
        : _arithmetic.Verify(Set, _rows.AsSpan(_start, RowsLength(Set)), representative, signature);

    /// <summary>Verifies with a key that is used but once, without keeping its expanded form.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicKey">Untrusted bytes of the right number.</param>
    /// <param name="representative">mu, 64 bytes.</param>
    /// <param name="signature">Untrusted bytes of the right number.</param>
    [SkipLocalsInit]
    public static unsafe bool VerifyOnce(
        MlDsaParameters set,
        ReadOnlySpan<byte> publicKey,
        ReadOnlySpan<byte> representative,
        ReadOnlySpan<byte> signature)
    {
        if (CryptographyPolicy.UsesPlatform)
        {
            return PlatformMlDsa.Verify(set, publicKey, representative, signature);
        }

        int length = RowsLength(set);
        uint* room = stackalloc uint[length + MlDsaAlignment.Slack];
        Span<uint> rows = new(MlDsaAlignment.Up(room), length);
        Expand(MlDsaArithmetic.Best, set, publicKey, rows);
        return MlDsaArithmetic.Best.Verify(set, rows, representative, signature);
    }

    private static int RowsLength(MlDsaParameters set) => set.Rows * (set.Columns + 1) * Degree;

    [SkipLocalsInit]
    private static void Expand(
        IMlDsaArithmetic arithmetic, MlDsaParameters set, ReadOnlySpan<byte> publicKey, Span<uint> rows)
    {
        arithmetic.ExpandMatrix(set, publicKey[..MlDsaParameters.SeedSize], rows, set.Columns + 1);
        publicKey = publicKey[MlDsaParameters.SeedSize..];
        for (int row = 0; row < set.Rows; row++)
        {
            Span<uint> high = rows.Slice(((row * (set.Columns + 1)) + set.Columns) * Degree, Degree);
            ReadOnlySpan<byte> packed = publicKey.Slice(row * HighSize, HighSize);

            // Read as zero minus what is written; all values of ten bits are allowed.
            arithmetic.TryUnpackSigned(packed, MlDsaParameters.HighBits, 0, 1u << MlDsaParameters.HighBits, high);
            arithmetic.Transform(high);
        }
    }
}
