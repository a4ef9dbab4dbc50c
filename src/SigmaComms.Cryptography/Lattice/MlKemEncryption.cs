using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>K-PKE, the encryption inside ML-KEM; never used alone.</summary>
/// <standard>FIPS 203, section 5, algorithms 13 to 15.</standard>
internal static class MlKemEncryption
{
    private const int Degree = MlKemRing.Degree;
    private const int SymbolSize = MlKemParameters.SymbolSize;

    /// <summary>Algorithm 13. All vectors come out in the transformed domain, canonical.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">d, 32 secret bytes.</param>
    /// <param name="matrix">Receives the public matrix.</param>
    /// <param name="vector">Receives t, public.</param>
    /// <param name="secret">Receives s, secret.</param>
    /// <param name="key">Receives the encapsulation key.</param>
    [SkipLocalsInit]
    public static void GenerateKey(
        MlKemParameters set,
        ReadOnlySpan<byte> seed,
        Span<uint> matrix,
        Span<uint> vector,
        Span<uint> secret,
        Span<byte> key)
    {
        Span<byte> seeds = stackalloc byte[2 * SymbolSize];
        try
        {
            Sha3.HashData(seed, [(byte)set.Rank], seeds);
            ReadOnlySpan<byte> publicSeed = seeds[..SymbolSize];
            ReadOnlySpan<byte> noiseSeed = seeds[SymbolSize..];
            MlKemSampling.ExpandMatrix(set.Rank, publicSeed, matrix);
            SampleTransformed(set, noiseSeed, secret);
            MlKemRing.ReduceAll(secret);
            for (int row = 0; row < set.Rank; row++)
            {
                // The sum starts as the error, which is lazy, and is reduced once at the end.
                Span<uint> sum = vector.Slice(row * Degree, Degree);
                MlKemSampling.SampleNoise(noiseSeed, (byte)(set.Rank + row), set.SecretNoise, sum);
                MlKemRing.Transform(sum);
                for (int column = 0; column < set.Rank; column++)
                {
                    int at = ((row * set.Rank) + column) * Degree;
                    MlKemRing.AddProduct(matrix.Slice(at, Degree), secret.Slice(column * Degree, Degree), sum);
                }

                MlKemRing.ReduceAll(sum);
            }

            BitPacking.Pack(vector, 12, key[..set.VectorSize]);
            publicSeed.CopyTo(key[set.VectorSize..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seeds);
        }
    }

    /// <summary>Algorithm 14, with the matrix and the key's vector already expanded.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="matrix">The public matrix.</param>
    /// <param name="vector">t, canonical.</param>
    /// <param name="message">32 secret bytes.</param>
    /// <param name="coins">32 secret bytes.</param>
    /// <param name="ciphertext">Receives the ciphertext.</param>
    [SkipLocalsInit]
    public static void Encrypt(
        MlKemParameters set,
        ReadOnlySpan<uint> matrix,
        ReadOnlySpan<uint> vector,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> coins,
        Span<byte> ciphertext)
    {
        Span<uint> mask = stackalloc uint[set.Rank * Degree];
        Span<uint> sum = stackalloc uint[Degree];
        Span<uint> addend = stackalloc uint[Degree];
        try
        {
            SampleTransformed(set, coins, mask);
            for (int column = 0; column < set.Rank; column++)
            {
                sum.Clear();
                for (int row = 0; row < set.Rank; row++)
                {
                    int at = ((row * set.Rank) + column) * Degree;
                    MlKemRing.AddProduct(matrix.Slice(at, Degree), mask.Slice(row * Degree, Degree), sum);
                }

                MlKemSampling.SampleNoise(
                    coins, (byte)(set.Rank + column), MlKemParameters.CiphertextNoise, addend);
                FinishRow(sum, addend);
                MlKemCompression.CompressAll(sum, set.VectorBits);
                int size = set.CompressedRowSize;
                BitPacking.Pack(sum, set.VectorBits, ciphertext.Slice(column * size, size));
            }

            sum.Clear();
            for (int row = 0; row < set.Rank; row++)
            {
                MlKemRing.AddProduct(
                    vector.Slice(row * Degree, Degree), mask.Slice(row * Degree, Degree), sum);
            }

            MlKemSampling.SampleNoise(coins, (byte)(2 * set.Rank), MlKemParameters.CiphertextNoise, addend);
            FinishRow(sum, addend);
            BitPacking.Unpack(message, 1, addend);
            MlKemCompression.DecompressAll(addend, 1);
            MlKemRing.Add(addend, sum);
            MlKemCompression.CompressAll(sum, set.ScalarBits);
            BitPacking.Pack(sum, set.ScalarBits, ciphertext[(set.Rank * set.CompressedRowSize)..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(mask));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(sum));
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(addend));
        }
    }

    /// <summary>Algorithm 15.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secret">s, canonical, transformed.</param>
    /// <param name="ciphertext">The ciphertext; untrusted.</param>
    /// <param name="message">Receives 32 secret bytes.</param>
    [SkipLocalsInit]
    public static void Decrypt(
        MlKemParameters set, ReadOnlySpan<uint> secret, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        Span<uint> row = stackalloc uint[Degree];
        Span<uint> sum = stackalloc uint[Degree];
        try
        {
            sum.Clear();
            int size = set.CompressedRowSize;
            for (int i = 0; i < set.Rank; i++)
            {
                BitPacking.Unpack(ciphertext.Slice(i * size, size), set.VectorBits, row);
                MlKemCompression.DecompressAll(row, set.VectorBits);
                MlKemRing.Transform(row);
                MlKemRing.AddProduct(secret.Slice(i * Degree, Degree), row, sum);
            }

            MlKemRing.ReduceAll(sum);
            MlKemRing.TransformBack(sum);
            BitPacking.Unpack(ciphertext[(set.Rank * size)..], set.ScalarBits, row);
            MlKemCompression.DecompressAll(row, set.ScalarBits);
            MlKemRing.SubtractFrom(row, sum);
            MlKemCompression.CompressAll(sum, 1);
            BitPacking.Pack(sum, 1, message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(sum));
        }
    }

    // Noise in the transformed domain, lazy.
    private static void SampleTransformed(MlKemParameters set, ReadOnlySpan<byte> seed, Span<uint> noise)
    {
        for (int i = 0; i < set.Rank; i++)
        {
            Span<uint> polynomial = noise.Slice(i * Degree, Degree);
            MlKemSampling.SampleNoise(seed, (byte)i, set.SecretNoise, polynomial);
            MlKemRing.Transform(polynomial);
        }
    }

    private static void FinishRow(Span<uint> sum, ReadOnlySpan<uint> error)
    {
        MlKemRing.ReduceAll(sum);
        MlKemRing.TransformBack(sum);
        MlKemRing.Add(error, sum);
    }
}
