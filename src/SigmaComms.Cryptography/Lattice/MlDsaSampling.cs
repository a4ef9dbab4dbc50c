using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Polynomials from seeds.</summary>
/// <standard>FIPS 204, section 7.3, algorithms 29 to 34.</standard>
internal static class MlDsaSampling
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    /// <summary>The public matrix in the transformed domain, row by row. Algorithm 32.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho, 32 public bytes.</param>
    /// <param name="matrix">Receives rows times columns polynomials.</param>
    /// <param name="rowPolynomials">From one row to the next; at least the columns.</param>
    public static void ExpandMatrix(
        MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> matrix, int rowPolynomials)
    {
        for (int row = 0; row < set.Rows; row++)
        {
            for (int column = 0; column < set.Columns; column++)
            {
                int at = ((row * rowPolynomials) + column) * Degree;
                ExpandEntry(seed, row, column, matrix.Slice(at, Degree));
            }
        }
    }

    /// <summary>One entry of the matrix.</summary>
    /// <param name="seed">rho, 32 public bytes.</param>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    /// <param name="polynomial">Receives it.</param>
    public static void ExpandEntry(ReadOnlySpan<byte> seed, int row, int column, Span<uint> polynomial)
    {
        KeccakSponge sponge = KeccakSponge.Shake128();
        sponge.Absorb(seed);
        sponge.Absorb([(byte)column, (byte)row]);
        SampleUniform(ref sponge, polynomial);
    }

    /// <summary>The secret vectors s1 and s2, canonical. Algorithm 33.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho', 64 secret bytes.</param>
    /// <param name="secret">Receives columns plus rows polynomials, s1 first.</param>
    public static void ExpandSecret(MlDsaParameters set, ReadOnlySpan<byte> seed, Span<uint> secret)
    {
        KeccakSponge sponge = KeccakSponge.Shake256();
        try
        {
            for (int i = 0; i < set.Columns + set.Rows; i++)
            {
                sponge.Clear();
                sponge.Absorb(seed);
                sponge.Absorb([(byte)i, 0]);
                SampleBounded(set.SecretBound, ref sponge, secret.Slice(i * Degree, Degree));
            }
        }
        finally
        {
            sponge.Clear();
        }
    }

    /// <summary>The mask y, canonical. Algorithm 34.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="seed">rho'', 64 secret bytes.</param>
    /// <param name="counter">kappa: the number of the first polynomial.</param>
    /// <param name="mask">Receives as many polynomials as the matrix has columns.</param>
    [SkipLocalsInit]
    public static void ExpandMask(MlDsaParameters set, ReadOnlySpan<byte> seed, int counter, Span<uint> mask)
    {
        Span<byte> bytes = stackalloc byte[set.MaskRowSize];
        try
        {
            for (int i = 0; i < set.Columns; i++)
            {
                int number = counter + i;
                Shake256.HashData(seed, [(byte)number, (byte)(number >> 8)], bytes);
                MlDsaEncoding.UnpackMask(set, bytes, mask.Slice(i * Degree, Degree));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The challenge: few coefficients are 1 or -1, the others 0; canonical. Algorithm 29.</summary>
    /// <remarks>Branches and indexes on the challenge's hash, which is public in the signature.</remarks>
    /// <param name="set">The parameter set.</param>
    /// <param name="hash">c~.</param>
    /// <param name="challenge">Receives one polynomial.</param>
    public static void SampleChallenge(MlDsaParameters set, ReadOnlySpan<byte> hash, Span<uint> challenge)
    {
        KeccakSponge sponge = KeccakSponge.Shake256();
        sponge.Absorb(hash);
        Span<byte> block = stackalloc byte[KeccakSponge.Shake256Rate];
        sponge.Squeeze(block);
        ulong signs = BinaryPrimitives.ReadUInt64LittleEndian(block);
        int next = sizeof(ulong);
        challenge.Clear();
        for (int i = Degree - set.ChallengeWeight; i < Degree; i++)
        {
            int position;
            do
            {
                if (next == block.Length)
                {
                    sponge.Squeeze(block);
                    next = 0;
                }

                position = block[next++];
            }
            while (position > i);

            challenge[i] = challenge[position];
            challenge[position] = (signs & 1) == 0 ? 1 : Modulus - 1;
            signs >>= 1;
        }
    }

    /// <summary>The challenge times 2^d; public.</summary>
    /// <param name="challenge">Coefficients 0, 1 and -1; canonical.</param>
    public static void ShiftChallenge(Span<uint> challenge)
    {
        const uint Power = 1u << MlDsaParameters.DroppedBits;
        for (int i = 0; i < challenge.Length; i++)
        {
            // -1 times 2^d is q - 2^d, which is (q - 1) - (2^d - 1).
            uint coefficient = challenge[i];
            challenge[i] = coefficient <= 1 ? coefficient * Power : coefficient - (Power - 1);
        }
    }

    // Algorithm 30. Everything here is public, so rejection may branch.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void SampleUniform(ref KeccakSponge sponge, Span<uint> polynomial)
    {
        Span<byte> block = stackalloc byte[KeccakSponge.Shake128Rate];
        int filled = 0;
        while (filled < polynomial.Length)
        {
            sponge.Squeeze(block);
            for (int i = 0; i + 2 < block.Length && filled < polynomial.Length; i += 3)
            {
                uint value = block[i] | ((uint)block[i + 1] << 8) | ((block[i + 2] & 0x7Fu) << 16);
                if (value < Modulus)
                {
                    polynomial[filled++] = value;
                }
            }
        }
    }

    // Algorithm 31. Which half bytes were rejected shows in the time, which says nothing about those that were taken;
    // the values that were taken are turned into coefficients without branch, index or division.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SampleBounded(int bound, ref KeccakSponge sponge, Span<uint> polynomial)
    {
        Span<byte> block = stackalloc byte[KeccakSponge.Shake256Rate];
        try
        {
            int limit = bound == 2 ? 15 : 9;
            int filled = 0;
            while (filled < polynomial.Length)
            {
                sponge.Squeeze(block);
                for (int i = 0; i < 2 * block.Length && filled < polynomial.Length; i++)
                {
                    int half = (block[i >> 1] >> (4 * (i & 1))) & 0x0F;
                    polynomial[filled] = MlDsaRing.FromSigned(bound - Fold(bound, half));
                    filled -= (half - limit) >> 31;
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block);
        }
    }

    // half mod 5 for the bound 2 (205 / 1024 is near enough to 1/5 below 16); half itself for the bound 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fold(int bound, int half) => bound == 2 ? half - (5 * ((half * 205) >> 10)) : half;
}
