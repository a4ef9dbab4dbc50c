using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Noise from bytes, and coefficients to bytes, on vectors.</summary>
/// <remarks>
/// Compression multiplies by ceil(2^32 / q) modulo 2^32 and keeps the topmost bits: the rounding constant below makes
/// that exact for every canonical coefficient, which a test checks one by one. No branch or index depends on one.
/// </remarks>
/// <standard>FIPS 203, section 4.2, algorithms 5 and 8, equation 4.7.</standard>
internal static unsafe class MlKemCodec<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    private const int Degree = MlKemRing.Degree;
    private const int Reciprocal = 1290168;
    private const int RoundingCorrection = 512;

    // Coefficients from 833 to 2496 are nearer to q/2 than to 0.
    private const short OneFirst = 833;
    private const short OneCount = 1664;

    /// <summary>Noise of width 2.</summary>
    /// <param name="bytes">128 secret bytes.</param>
    /// <param name="polynomial">Receives values from -2 to 2.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadNoise2(byte* bytes, short* polynomial)
    {
        TVector four = TOps.Create(0xF);
        TVector odd = TOps.Create(5);
        TVector two = TOps.Create(3);
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            // Four bits for each coefficient: one byte for each pair.
            TVector pair = TOps.WidenBytes(bytes + (i / 2));
            TVector bits = TOps.And(TOps.Or(pair, TOps.ShiftPairsLeft(pair, 12)), four);
            TVector sums = TOps.Add(TOps.And(bits, odd), TOps.And(TOps.ShiftRight(bits, 1), odd));
            *(TVector*)(polynomial + i) = TOps.Subtract(TOps.And(sums, two), TOps.ShiftRight(sums, 2));
        }
    }

    /// <summary>Writes 12 bits of each coefficient.</summary>
    /// <param name="polynomial">Canonical.</param>
    /// <param name="bytes">Receives 384 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Pack(short* polynomial, byte* bytes)
    {
        ulong* fields = stackalloc ulong[Degree / 4];
        TVector weights = TOps.CreatePair((1 << 28) | 1);
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            TVector pairs = TOps.MultiplyPairs(*(TVector*)(polynomial + i), weights);
            *(TVector*)((short*)fields + i) = TOps.JoinPairs(pairs, 24);
        }

        MlKemFields.Write(fields, 12, bytes);
        new Span<ulong>(fields, Degree / 4).Clear();
    }

    /// <summary>Compresses and writes the bits that are left.</summary>
    /// <param name="polynomial">Canonical.</param>
    /// <param name="bits">4, 5, 10 or 11.</param>
    /// <param name="bytes">Receives 32 times as many bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Compress(short* polynomial, int bits, byte* bytes)
    {
        ulong* fields = stackalloc ulong[Degree / 4];
        TVector factor = TOps.CreatePair(Reciprocal);
        TVector rounding = TOps.CreatePair((1 << (31 - bits)) - RoundingCorrection);
        TVector low = TOps.CreatePair(0xFFFF);
        for (int i = 0; i < Degree; i += TOps.Count)
        {
            TVector pair = *(TVector*)(polynomial + i);
            TVector even = TOps.MultiplyPairsLow(TOps.And(pair, low), factor);
            TVector odd = TOps.MultiplyPairsLow(TOps.ShiftPairsRight(pair, 16), factor);
            even = TOps.ShiftPairsRight(TOps.AddPairs(even, rounding), 32 - bits);
            odd = TOps.ShiftPairsRight(TOps.AddPairs(odd, rounding), 32 - bits);
            TVector both = TOps.Or(even, TOps.ShiftPairsLeft(odd, bits));
            *(TVector*)((short*)fields + i) = TOps.JoinPairs(both, 2 * bits);
        }

        MlKemFields.Write(fields, bits, bytes);
        new Span<ulong>(fields, Degree / 4).Clear();
    }

    /// <summary>Compresses each coefficient to one bit.</summary>
    /// <param name="polynomial">Canonical.</param>
    /// <param name="message">Receives 32 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CompressMessage(short* polynomial, byte* message)
    {
        TVector first = TOps.Create(OneFirst);
        TVector count = TOps.Create(OneCount);
        for (int i = 0; i < Degree; i += 64)
        {
            ulong bits = 0;
            for (int j = 0; j < 64; j += TOps.Count)
            {
                TVector value = TOps.Subtract(*(TVector*)(polynomial + i + j), first);
                bits |= TOps.HighestBits(TOps.IsBelowUnsigned(value, count)) << j;
            }

            Unsafe.WriteUnaligned(message + (i / 8), bits);
        }
    }
}
