using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>K-PKE on vectors; <see cref="MlKemEncryption"/> is the plain form that it is tested against.</summary>
/// <standard>FIPS 203, section 5, algorithms 13 to 15.</standard>
internal static unsafe class MlKemVectorEncryption<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    private const int Degree = MlKemRing.Degree;
    private const int SymbolSize = MlKemParameters.SymbolSize;

    /// <summary>Algorithm 13.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">d, 32 secret bytes.</param>
    /// <param name="parts">Receives matrix, vector and secret.</param>
    /// <param name="key">Receives the encapsulation key.</param>
    /// <param name="passenger">A hash to make on the way, or none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void GenerateKey(
        MlKemParameters set,
        scoped ReadOnlySpan<byte> seed,
        MlKemExpansion parts,
        scoped Span<byte> key,
        ref MlKemPassenger passenger)
    {
        int rank = set.Rank;
        int size = 4 * rank * Degree * sizeof(short);
        byte* memory = stackalloc byte[size + MlKemExpansion.Alignment];
        short* noise = (short*)MlKemExpansion.Align(memory);
        short* factors = noise + (2 * rank * Degree);
        Span<byte> seeds = stackalloc byte[2 * SymbolSize];
        MlKemPassenger none = default;
        try
        {
            Sha3.HashData(seed, [(byte)rank], seeds);
            seeds[..SymbolSize].CopyTo(key[set.VectorSize..]);
            MlKemLanes<TVector, TOps>.ExpandMatrix(
                rank, seeds[..SymbolSize], parts.Matrix, ref passenger, ref none);
            MlKemLanes<TVector, TOps>.SampleNoise(seeds[SymbolSize..], 0, 2 * rank, set.SecretNoise, noise);
            for (int i = 0; i < 2 * rank; i++)
            {
                MlKemTransform<TVector, TOps>.Forward(noise + (i * Degree));
            }

            MultiplyByMatrix(rank, parts, noise, factors);
            for (int i = 0; i < rank; i++)
            {
                PackRow(parts.Vector + (i * Degree), key.Slice(i * 384, 384));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seeds);
            CryptographicOperations.ZeroMemory(new Span<byte>(noise, size));
        }
    }

    /// <summary>Algorithm 14.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="parts">The key's matrix and vector.</param>
    /// <param name="message">32 secret bytes.</param>
    /// <param name="coins">32 secret bytes.</param>
    /// <param name="ciphertext">Receives the ciphertext.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Encrypt(
        MlKemParameters set,
        MlKemExpansion parts,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> coins,
        Span<byte> ciphertext)
    {
        int rank = set.Rank;
        int size = ((4 * rank) + 3) * Degree * sizeof(short);
        byte* memory = stackalloc byte[size + MlKemExpansion.Alignment];
        short* noise = (short*)MlKemExpansion.Align(memory);
        short* errors = noise + (rank * Degree);
        short* factors = errors + ((rank + 1) * Degree);
        short* sum = factors + (2 * rank * Degree);
        try
        {
            SampleNoise(set, coins, noise);
            for (int i = 0; i < rank; i++)
            {
                MlKemTransform<TVector, TOps>.Forward(noise + (i * Degree));
                MlKemTransform<TVector, TOps>.Prepare(noise + (i * Degree), factors + (2 * i * Degree));
            }

            fixed (byte* target = ciphertext[..set.CiphertextSize], secret = message[..SymbolSize])
            {
                for (int i = 0; i < rank; i++)
                {
                    Multiply(parts.Matrix + (i * Degree), rank * Degree, factors, rank, errors + (i * Degree), sum);
                    byte* row = target + (i * set.CompressedRowSize);
                    MlKemCodec<TVector, TOps>.Compress(sum, set.VectorBits, row);
                }

                Multiply(parts.Vector, Degree, factors, rank, errors + (rank * Degree), sum);
                MlKemFields.DecompressMessage(secret, sum + Degree);
                MlKemTransform<TVector, TOps>.Add(sum + Degree, sum);
                byte* last = target + (rank * set.CompressedRowSize);
                MlKemCodec<TVector, TOps>.Compress(sum, set.ScalarBits, last);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(noise, size));
        }
    }

    /// <summary>Algorithm 15.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="parts">The key's secret.</param>
    /// <param name="ciphertext">The ciphertext; untrusted.</param>
    /// <param name="message">Receives 32 secret bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Decrypt(
        MlKemParameters set, MlKemExpansion parts, ReadOnlySpan<byte> ciphertext, Span<byte> message)
    {
        int rank = set.Rank;
        int rowSize = set.CompressedRowSize;
        byte* memory = stackalloc byte[(((2 * rank) + 2) * Degree * sizeof(short)) + MlKemExpansion.Alignment];
        short* sum = (short*)MlKemExpansion.Align(memory);
        short* row = sum + Degree;
        short* factors = row + Degree;
        try
        {
            for (int i = 0; i < rank; i++)
            {
                MlKemFields.Decompress(ciphertext.Slice(i * rowSize, rowSize), set.VectorBits, row);
                MlKemTransform<TVector, TOps>.Forward(row);
                MlKemTransform<TVector, TOps>.Prepare(row, factors + (2 * i * Degree));
            }

            MlKemTransform<TVector, TOps>.SumProducts(parts.Secret, Degree, factors, rank, sum);
            MlKemTransform<TVector, TOps>.Inverse(sum);
            MlKemFields.Decompress(ciphertext[(rank * rowSize)..], set.ScalarBits, row);
            MlKemTransform<TVector, TOps>.SubtractFrom(row, sum);
            fixed (byte* target = message[..SymbolSize])
            {
                MlKemCodec<TVector, TOps>.CompressMessage(sum, target);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(sum, Degree * sizeof(short)));
        }
    }

    /// <summary>Reads a vector of canonical coefficients.</summary>
    /// <param name="bytes">384 bytes for each polynomial.</param>
    /// <param name="rank">How many.</param>
    /// <param name="vector">Receives them.</param>
    /// <returns>Whether all are below the modulus.</returns>
    public static bool TryReadVector(ReadOnlySpan<byte> bytes, int rank, short* vector)
    {
        bool valid = true;
        for (int i = 0; i < rank; i++)
        {
            valid &= MlKemFields.Read(bytes.Slice(i * 384, 384), vector + (i * Degree));
        }

        return valid;
    }

    /// <summary>Writes a polynomial.</summary>
    /// <param name="polynomial">Canonical.</param>
    /// <param name="bytes">Receives 384 bytes.</param>
    public static void PackRow(short* polynomial, Span<byte> bytes)
    {
        fixed (byte* target = bytes[..384])
        {
            MlKemCodec<TVector, TOps>.Pack(polynomial, target);
        }
    }

    // t = A s + e, and s made canonical.
    private static void MultiplyByMatrix(int rank, MlKemExpansion parts, short* noise, short* factors)
    {
        for (int i = 0; i < rank; i++)
        {
            short* secret = parts.Secret + (i * Degree);
            MlKemTransform<TVector, TOps>.Prepare(noise + (i * Degree), factors + (2 * i * Degree));
            new ReadOnlySpan<short>(noise + (i * Degree), Degree).CopyTo(new Span<short>(secret, Degree));
            MlKemTransform<TVector, TOps>.ReduceAll(secret);
        }

        for (int row = 0; row < rank; row++)
        {
            short* sum = parts.Vector + (row * Degree);
            short* left = parts.Matrix + (row * rank * Degree);
            MlKemTransform<TVector, TOps>.SumProducts(left, Degree, factors, rank, sum);
            MlKemTransform<TVector, TOps>.FinishSum(sum, noise + ((rank + row) * Degree));
        }
    }

    private static void SampleNoise(MlKemParameters set, ReadOnlySpan<byte> coins, short* noise)
    {
        const int Width = MlKemParameters.CiphertextNoise;
        int rank = set.Rank;
        if (set.SecretNoise == Width)
        {
            MlKemLanes<TVector, TOps>.SampleNoise(coins, 0, (2 * rank) + 1, Width, noise);
            return;
        }

        MlKemLanes<TVector, TOps>.SampleNoise(coins, 0, rank, set.SecretNoise, noise);
        MlKemLanes<TVector, TOps>.SampleNoise(coins, rank, rank + 1, Width, noise + (rank * Degree));
    }

    private static void Multiply(short* left, int stride, short* factors, int rank, short* error, short* sum)
    {
        MlKemTransform<TVector, TOps>.SumProducts(left, stride, factors, rank, sum);
        MlKemTransform<TVector, TOps>.Inverse(sum);
        MlKemTransform<TVector, TOps>.Add(error, sum);
    }
}
