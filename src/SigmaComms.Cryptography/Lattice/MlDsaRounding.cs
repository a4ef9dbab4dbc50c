using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Parts a coefficient into high and low bits, r = r1 2 gamma_2 + r0.</summary>
/// <remarks>No division and no branch on a coefficient; a test checks every coefficient there is.</remarks>
/// <param name="Parts">(q - 1) / (2 gamma_2): how many values r1 takes; 16 or 44.</param>
/// <param name="Bits">Bits of r1: 4 or 6.</param>
/// <standard>FIPS 204, section 7.4, algorithms 35 to 40.</standard>
internal sealed record MlDsaRounding(uint Parts, int Bits)
{
    private const uint Modulus = MlDsaRing.Modulus;
    private const int Shift = 46;

    // ceil(2^46 / (2 gamma_2)).
    private readonly ulong _reciprocal = ((1UL << Shift) / ((Modulus - 1) / Parts)) + 1;

    /// <summary>gamma_2 = (q - 1) / 32, of ML-DSA-65 and ML-DSA-87.</summary>
    public static MlDsaRounding By16 { get; } = new(16, 4);

    /// <summary>gamma_2 = (q - 1) / 88, of ML-DSA-44.</summary>
    public static MlDsaRounding By44 { get; } = new(44, 6);

    /// <summary>gamma_2: half the width of a part.</summary>
    public uint HalfWidth { get; } = (Modulus - 1) / Parts / 2;

    /// <summary>r1. Algorithm 37.</summary>
    /// <param name="value">Canonical.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint High(uint value)
    {
        // Round half down; the topmost half part belongs to part 0.
        uint part = (uint)(((value + HalfWidth - 1) * _reciprocal) >> Shift);
        return part & (uint)((int)(part - Parts) >> 31);
    }

    /// <summary>r0, between -gamma_2 and gamma_2. Algorithm 38.</summary>
    /// <param name="value">Canonical.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Low(uint value)
    {
        int low = (int)(value - (High(value) * 2 * HalfWidth));
        return low - ((((int)(Modulus - 1) / 2) - low >> 31) & (int)Modulus);
    }

    /// <summary>1 if adding the second value to the first changes its high bits, else 0. Algorithm 39.</summary>
    /// <param name="value">Canonical.</param>
    /// <param name="changed">The sum, canonical.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hint(uint value, uint changed)
    {
        uint difference = High(value) ^ High(changed);
        return (uint)(-(int)difference >>> 31);
    }

    /// <summary>High bits corrected by a hint; all public. Algorithm 40.</summary>
    /// <param name="hint">0 or 1.</param>
    /// <param name="value">Canonical.</param>
    public uint UseHint(uint hint, uint value)
    {
        uint high = High(value);
        if (hint == 0)
        {
            return high;
        }

        if (Low(value) > 0)
        {
            return high == Parts - 1 ? 0 : high + 1;
        }

        return high == 0 ? Parts - 1 : high - 1;
    }
}
