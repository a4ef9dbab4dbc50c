using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>
/// What signing and verifying do with high and low bits, many coefficients at a time; polynomials are canonical.
/// </summary>
/// <remarks>No branch or index depends on a coefficient; of each check only the answer is given away.</remarks>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">Its operations.</typeparam>
/// <typeparam name="TParts">The width of rounding.</typeparam>
/// <standard>FIPS 204, section 7.4, algorithms 36 to 40.</standard>
internal static unsafe class MlDsaWideRounding<TVector, TLanes, TParts>
    where TVector : struct
    where TLanes : struct, IUnsignedLanes<TVector>
    where TParts : struct, IMlDsaParts
{
    private const int Degree = MlDsaRing.Degree;
    private const uint Modulus = MlDsaRing.Modulus;

    /// <summary>The high bits, packed.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    /// <param name="scratch">Room for 256 values, as secret as the polynomial.</param>
    /// <param name="packed">Receives 128 or 192 bytes; 16 more may be overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackHigh(uint* polynomial, uint* scratch, byte* packed)
    {
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TLanes.Store(High(TLanes.Load(polynomial + at)), scratch + at);
        }

        PackParts(scratch, packed);
    }

    /// <summary>The high bits corrected by hints, packed; all of it public.</summary>
    /// <param name="polynomial">256 coefficients; destroyed.</param>
    /// <param name="hints">0 or 1 for each.</param>
    /// <param name="packed">Receives 128 or 192 bytes; 16 more may be overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackHinted(uint* polynomial, uint* hints, byte* packed)
    {
        TVector one = TLanes.Broadcast(1);
        TVector zero = TLanes.Broadcast(0);
        TVector parts = TLanes.Broadcast(TParts.Parts);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = TLanes.Load(polynomial + at);
            TVector high = High(value);
            TVector downwards = TLanes.SignMask(TLanes.Subtract(Low(value, high), one));
            TVector step = TLanes.Subtract(TLanes.Xor(one, downwards), downwards);
            step = TLanes.And(step, TLanes.Subtract(zero, TLanes.Load(hints + at)));
            high = TLanes.Add(high, step);
            high = TLanes.Add(high, TLanes.And(parts, TLanes.SignMask(high)));
            high = TLanes.And(high, TLanes.SignMask(TLanes.Subtract(high, parts)));
            TLanes.Store(high, polynomial + at);
        }

        PackParts(polynomial, packed);
    }

    /// <summary>Subtracts, and tells whether all low parts of the difference are within the bound.</summary>
    /// <param name="subtrahend">256 coefficients.</param>
    /// <param name="difference">256 coefficients to subtract from; receives the difference.</param>
    /// <param name="bound">More than every low part may have.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool SubtractAndCheckLow(uint* subtrahend, uint* difference, uint bound)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector shift = TLanes.Broadcast(bound - 1);
        TVector largest = TLanes.Broadcast(0);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = TLanes.Subtract(TLanes.Load(difference + at), TLanes.Load(subtrahend + at));
            value = TLanes.Min(value, TLanes.Add(value, modulus));
            TLanes.Store(value, difference + at);

            // From -(bound - 1) to bound - 1 is from 0 to 2 (bound - 1) with the shift; what is below wraps around.
            largest = TLanes.Max(largest, TLanes.Add(Low(value, High(value)), shift));
        }

        return AllAtMost(largest, 2 * (bound - 1));
    }

    /// <summary>Adds, and tells whether all coefficients of the sum are smaller in size than the bound.</summary>
    /// <param name="addend">256 coefficients.</param>
    /// <param name="sum">256 coefficients to add to; receives the sum.</param>
    /// <param name="bound">More than every coefficient may have.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AddAndCheck(uint* addend, uint* sum, uint bound)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector shift = TLanes.Broadcast(bound - 1);
        TVector largest = TLanes.Broadcast(0);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector value = ReduceOnce(TLanes.Add(TLanes.Load(sum + at), TLanes.Load(addend + at)), modulus);
            TLanes.Store(value, sum + at);
            largest = TLanes.Max(largest, ReduceOnce(TLanes.Add(value, shift), modulus));
        }

        return AllAtMost(largest, 2 * (bound - 1));
    }

    /// <summary>Whether every coefficient is smaller in size than the bound.</summary>
    /// <param name="polynomial">256 coefficients.</param>
    /// <param name="bound">More than every coefficient may have.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsWithin(uint* polynomial, uint bound)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector shift = TLanes.Broadcast(bound - 1);
        TVector largest = TLanes.Broadcast(0);
        for (int at = 0; at < Degree; at += TLanes.Count)
        {
            TVector shifted = TLanes.Add(TLanes.Load(polynomial + at), shift);
            largest = TLanes.Max(largest, ReduceOnce(shifted, modulus));
        }

        return AllAtMost(largest, 2 * (bound - 1));
    }

    /// <summary>Where adding changes the high bits.</summary>
    /// <param name="addend">256 coefficients.</param>
    /// <param name="polynomial">256 coefficients to add to.</param>
    /// <param name="hints">Receives four words, a bit for each coefficient.</param>
    /// <returns>How many bits are set.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Hint(uint* addend, uint* polynomial, ulong* hints)
    {
        TVector modulus = TLanes.Broadcast(Modulus);
        TVector zero = TLanes.Broadcast(0);
        int ones = 0;
        for (int word = 0; word < Degree / 64; word++)
        {
            ulong bits = 0;
            for (int bit = 0; bit < 64; bit += TLanes.Count)
            {
                TVector value = TLanes.Load(polynomial + (64 * word) + bit);
                TVector sum = TLanes.Add(value, TLanes.Load(addend + (64 * word) + bit));
                TVector change = TLanes.Xor(High(value), High(ReduceOnce(sum, modulus)));
                bits |= (ulong)TLanes.Signs(TLanes.Subtract(zero, change)) << bit;
            }

            hints[word] = bits;
            ones += BitOperations.PopCount(bits);
        }

        return ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector High(TVector value)
    {
        // Round half down; the topmost half part belongs to part 0.
        TVector part = TLanes.ShiftRight(TLanes.Add(value, TLanes.Broadcast(TParts.HalfWidth - 1)), TParts.Shift);
        part = TLanes.MultiplyLow(part, TLanes.Broadcast(TParts.Multiplier));
        part = TLanes.ShiftRight(part, TParts.ProductShift);
        return TLanes.And(part, TLanes.SignMask(TLanes.Subtract(part, TLanes.Broadcast(TParts.Parts))));
    }

    // As a signed number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Low(TVector value, TVector high)
    {
        TVector low = TLanes.Subtract(value, TLanes.MultiplyLow(high, TLanes.Broadcast(2 * TParts.HalfWidth)));
        TVector above = TLanes.SignMask(TLanes.Subtract(TLanes.Broadcast((Modulus - 1) / 2), low));
        return TLanes.Subtract(low, TLanes.And(above, TLanes.Broadcast(Modulus)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReduceOnce(TVector value, TVector modulus) =>
        MlDsaWideRing<TVector, TLanes>.ReduceOnce(value, modulus);

    // The largest has its top bit set only if it is too large by far, which the first difference leaves in place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AllAtMost(TVector largest, uint limit)
    {
        TVector excess = TLanes.Subtract(TLanes.Max(largest, TLanes.Broadcast(limit)), TLanes.Broadcast(limit));
        return TLanes.Signs(TLanes.Subtract(TLanes.Broadcast(0), TLanes.Min(excess, TLanes.Broadcast(1)))) == 0;
    }

    // 16 values at a time: two to a byte, or four to three bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackParts(uint* parts, byte* packed)
    {
        Vector128<byte> even = Vector128.Create((byte)0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
        Vector128<byte> three = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 3, 3, 3);
        Vector128<ushort> sixBits = Vector128.Create((ushort)0x003F);
        Vector128<uint> twelveBits = Vector128.Create(0x00000FFFu);
        for (int at = 0; at < Degree; at += 16)
        {
            Vector128<ushort> pairs = TLanes.LowBytesOf16(parts + at).AsUInt16();
            if (TParts.Parts == 16)
            {
                pairs |= pairs >>> 4;
                Vector128.ShuffleNative(pairs.AsByte(), even).Store(packed);
                packed += 8;
            }
            else
            {
                pairs = (pairs & sixBits) | ((pairs & ~sixBits) >>> 2);
                Vector128<uint> fours = pairs.AsUInt32();
                fours = (fours & twelveBits) | ((fours & ~twelveBits) >>> 4);
                Vector128.ShuffleNative(fours.AsByte(), three).Store(packed);
                packed += 12;
            }
        }
    }
}
