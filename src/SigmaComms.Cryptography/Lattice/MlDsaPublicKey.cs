using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>An ML-DSA public key made ready for verifying: the matrix expanded, t1 transformed.</summary>
/// <remarks>All of it is public. Verifying only reads, so any number of threads may verify.</remarks>
/// <standard>FIPS 204, sections 6.3 and 7.2, algorithms 8 and 23.</standard>
internal sealed class MlDsaPublicKey
{
    private const int Degree = MlDsaRing.Degree;

    private readonly uint[] _matrix;
    private readonly uint[] _highPart;
    private readonly byte[] _hash = new byte[MlDsaParameters.HashSize];

    /// <summary>Expands a public key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicKey">Untrusted bytes of the right number; every such key is well formed.</param>
    public MlDsaPublicKey(MlDsaParameters set, ReadOnlySpan<byte> publicKey)
    {
        Size.Require(publicKey, set.PublicKeySize);
        Set = set;
        _matrix = new uint[set.Rows * set.Columns * Degree];
        _highPart = new uint[set.Rows * Degree];
        MlDsaSampling.ExpandMatrix(set, publicKey[..MlDsaParameters.SeedSize], _matrix);
        BitPacking.Unpack(publicKey[MlDsaParameters.SeedSize..], MlDsaParameters.HighBits, _highPart);
        for (int i = 0; i < _highPart.Length; i++)
        {
            // At most 1023 * 2^13 = q - 1.
            _highPart[i] <<= MlDsaParameters.DroppedBits;
        }

        for (int at = 0; at < _highPart.Length; at += Degree)
        {
            MlDsaRing.Transform(_highPart.AsSpan(at, Degree));
        }

        MlDsaRing.ReduceAll(_highPart);
        Shake256.HashData(publicKey, _hash);
    }

    /// <summary>The parameter set.</summary>
    public MlDsaParameters Set { get; }

    /// <summary>A-hat.</summary>
    public ReadOnlySpan<uint> Matrix => _matrix;

    /// <summary>t1 times 2^d, transformed, canonical.</summary>
    public ReadOnlySpan<uint> HighPart => _highPart;

    /// <summary>tr, the hash of the key.</summary>
    public ReadOnlySpan<byte> Hash => _hash;
}
