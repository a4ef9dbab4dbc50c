using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Hashing;
using Shake256 = SigmaComms.Cryptography.Hashing.Shake256;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Polynomials from seeds: uniform ones, which are public, and noise, which is secret.</summary>
/// <standard>FIPS 203, section 4.2.2, algorithms 7 and 8.</standard>
internal static class MlKemSampling
{
    private const int SeedSize = 32;

    /// <summary>The public matrix in the transformed domain, row by row.</summary>
    /// <param name="rank">Rows and columns.</param>
    /// <param name="seed">rho, 32 public bytes.</param>
    /// <param name="matrix">Receives rank^2 polynomials.</param>
    public static void ExpandMatrix(int rank, ReadOnlySpan<byte> seed, Span<uint> matrix)
    {
        Span<byte> input = stackalloc byte[SeedSize + 2];
        seed.CopyTo(input);
        KeccakSponge sponge = KeccakSponge.Shake128();
        for (int row = 0; row < rank; row++)
        {
            for (int column = 0; column < rank; column++)
            {
                input[SeedSize] = (byte)column;
                input[SeedSize + 1] = (byte)row;
                sponge.Clear();
                sponge.Absorb(input);
                int at = ((row * rank) + column) * MlKemRing.Degree;
                SampleUniform(ref sponge, matrix.Slice(at, MlKemRing.Degree));
            }
        }
    }

    /// <summary>One polynomial of noise, canonical.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <param name="nonce">Which polynomial of this seed.</param>
    /// <param name="width">eta: 2 or 3.</param>
    /// <param name="polynomial">Receives 256 secret coefficients.</param>
    [SkipLocalsInit]
    public static void SampleNoise(ReadOnlySpan<byte> seed, byte nonce, int width, Span<uint> polynomial)
    {
        Span<byte> bytes = stackalloc byte[64 * width];
        try
        {
            Shake256.HashData(seed, [nonce], bytes);
            if (width == 2)
            {
                CenteredBinomial2(bytes, polynomial);
            }
            else
            {
                CenteredBinomial3(bytes, polynomial);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // Everything here is public, so rejection may branch.
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
                uint first = block[i] | ((block[i + 1] & 0x0Fu) << 8);
                uint second = ((uint)block[i + 1] >> 4) | ((uint)block[i + 2] << 4);
                if (first < MlKemRing.Modulus)
                {
                    polynomial[filled++] = first;
                }

                if (second < MlKemRing.Modulus && filled < polynomial.Length)
                {
                    polynomial[filled++] = second;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CenteredBinomial2(ReadOnlySpan<byte> bytes, Span<uint> polynomial)
    {
        // Eight coefficients from 32 bits: pairs of bits are added side by side, then subtracted.
        for (int i = 0; i < MlKemRing.Degree / 8; i++)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
            uint sums = (word & 0x55555555) + ((word >> 1) & 0x55555555);
            Span<uint> eight = polynomial.Slice(8 * i, 8);
            for (int j = 0; j < eight.Length; j++)
            {
                uint plus = sums & 3;
                uint minus = (sums >> 2) & 3;
                eight[j] = MlKemRing.ReduceOnce(plus + MlKemRing.Modulus - minus);
                sums >>= 4;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CenteredBinomial3(ReadOnlySpan<byte> bytes, Span<uint> polynomial)
    {
        // Four coefficients from 24 bits.
        for (int i = 0; i < MlKemRing.Degree / 4; i++)
        {
            uint word = bytes[3 * i] | ((uint)bytes[(3 * i) + 1] << 8) | ((uint)bytes[(3 * i) + 2] << 16);
            uint sums = (word & 0x249249) + ((word >> 1) & 0x249249) + ((word >> 2) & 0x249249);
            for (int j = 0; j < 4; j++)
            {
                uint plus = (sums >> (6 * j)) & 7;
                uint minus = (sums >> ((6 * j) + 3)) & 7;
                polynomial[(4 * i) + j] = MlKemRing.ReduceOnce(plus + MlKemRing.Modulus - minus);
            }
        }
    }
}
