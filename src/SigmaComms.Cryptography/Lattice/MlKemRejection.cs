using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Uniform coefficients out of public bytes, 12 bits for each, those not below the modulus left out.</summary>
/// <standard>FIPS 203, section 4.2.2, algorithm 7.</standard>
internal static unsafe class MlKemRejection
{
    /// <summary>Bytes that may be read behind the stream.</summary>
    public const int SlackBytes = 64;

    /// <summary>Coefficients that may be written behind the polynomial.</summary>
    public const int SlackCoefficients = 32;

    private const int Degree = MlKemRing.Degree;
    private const ushort Modulus = (ushort)MlKemRing.Modulus;

    // For each choice of eight coefficients, the bytes of those chosen, moved together.
    private static readonly byte[] Choices = MakeChoices();

    /// <summary>Takes coefficients until the polynomial is full or the bytes are used up.</summary>
    /// <param name="bytes">Public bytes, with slack behind.</param>
    /// <param name="size">How many; a multiple of 24.</param>
    /// <param name="polynomial">256 coefficients, with slack behind.</param>
    /// <param name="filled">How many it has.</param>
    /// <returns>How many it has now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Sample(byte* bytes, int size, short* polynomial, int filled)
    {
        if (Avx512Vbmi2.IsSupported && Avx512Vbmi.IsSupported)
        {
            return SampleByCompress(bytes, size, polynomial, filled);
        }

        return SampleByShuffle(bytes, size, polynomial, filled);
    }

    /// <summary>The same for vectors of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int SampleByShuffle(byte* bytes, int size, short* polynomial, int filled)
    {
        Vector128<byte> places = Vector128.Create((byte)0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11);
        Vector128<short> shifts = Vector128.Create(16, 1, 16, 1, 16, 1, 16, 1);
        Vector128<short> modulus = Vector128.Create((short)Modulus);
        fixed (byte* choices = Choices)
        {
            for (int i = 0; i < size && filled < Degree; i += 12)
            {
                Vector128<byte> placed = MlKemFields.Shuffle(Vector128.Load(bytes + i), places);
                Vector128<short> values = (placed.AsInt16() * shifts) >>> 4;
                uint chosen = Vector128.LessThan(values, modulus).ExtractMostSignificantBits();
                Vector128<byte> choice = Vector128.Load(choices + (chosen * 16));
                MlKemFields.Shuffle(values.AsByte(), choice).AsInt16().Store(polynomial + filled);
                filled += BitOperations.PopCount(chosen);
            }
        }

        return Math.Min(filled, Degree);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SampleByCompress(byte* bytes, int size, short* polynomial, int filled)
    {
        Vector512<byte> places = Vector512.Create(
            Vector256.Create(
                (byte)0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11,
                12, 13, 13, 14, 15, 16, 16, 17, 18, 19, 19, 20, 21, 22, 22, 23),
            Vector256.Create(
                (byte)24, 25, 25, 26, 27, 28, 28, 29, 30, 31, 31, 32, 33, 34, 34, 35,
                36, 37, 37, 38, 39, 40, 40, 41, 42, 43, 43, 44, 45, 46, 46, 47));
        Vector512<ushort> shifts = Vector512.Create(0x00040000u).AsUInt16();
        Vector512<ushort> low = Vector512.Create((ushort)0xFFF);
        Vector512<ushort> modulus = Vector512.Create(Modulus);
        for (int i = 0; i < size && filled < Degree; i += 48)
        {
            Vector512<byte> placed = Avx512Vbmi.PermuteVar64x8(Vector512.Load(bytes + i), places);
            Vector512<ushort> values = Avx512BW.ShiftRightLogicalVariable(placed.AsUInt16(), shifts) & low;
            Vector512<ushort> chosen = Vector512.LessThan(values, modulus);
            uint mask = (uint)chosen.ExtractMostSignificantBits();
            if (size - i < 48)
            {
                // The last half: what stands behind the bytes does not count.
                mask &= ushort.MaxValue;
            }

            Avx512Vbmi2.Compress(Vector512<ushort>.Zero, chosen, values).Store((ushort*)polynomial + filled);
            filled += BitOperations.PopCount(mask);
        }

        return Math.Min(filled, Degree);
    }

    private static byte[] MakeChoices()
    {
        byte[] choices = new byte[256 * 16];
        for (int chosen = 0; chosen < 256; chosen++)
        {
            int at = chosen * 16;
            for (int i = 0; i < 8; i++)
            {
                if ((chosen & (1 << i)) != 0)
                {
                    choices[at++] = (byte)(2 * i);
                    choices[at++] = (byte)((2 * i) + 1);
                }
            }
        }

        return choices;
    }
}
