using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>
/// The transform's constants for one width of vector. Each constant z stands as z 2^16 mod q, between -q/2 and q/2,
/// and beside it as that times the inverse of q modulo 2^16, which saves a multiplication.
/// </summary>
/// <remarks>Made once from <see cref="MlKemZetas"/> and kept in memory that does not move.</remarks>
internal sealed unsafe class MlKemFactors<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IMlKemVector<TVector>
{
    private const int Modulus = (int)MlKemRing.Modulus;
    private const int Degree = MlKemRing.Degree;
    private const int Layers = 5;

    private readonly short[] _plain = GC.AllocateArray<short>(2 * 128, pinned: true);
    private readonly short[] _pairs = GC.AllocateArray<short>(2 * Degree, pinned: true);
    private readonly short[] _inside = GC.AllocateArray<short>(Layers * Degree, pinned: true);

    private MlKemFactors(bool inverse)
    {
        for (int i = 0; i < 128; i++)
        {
            int zeta = (int)MlKemZetas.Zetas[i];
            Put(_plain, i, 128 + i, inverse ? Power(zeta, Modulus - 2) : zeta);
        }

        for (int i = 0; i < Degree / 2; i++)
        {
            Put(_pairs, 2 * i, Degree + (2 * i), 1);
            Put(_pairs, (2 * i) + 1, Degree + (2 * i) + 1, (int)MlKemZetas.Gammas[i]);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            FillLayer(layer);
        }
    }

    /// <summary>For the forward transform.</summary>
    public static MlKemFactors<TVector, TOps> Forward { get; } = new(inverse: false);

    /// <summary>For the inverse transform.</summary>
    public static MlKemFactors<TVector, TOps> Inverse { get; } = new(inverse: true);

    /// <summary>128 constants, then their companions.</summary>
    public short* Plain => (short*)Unsafe.AsPointer(ref _plain[0]);

    /// <summary>
    /// For the distance 2^layer, inside vectors: for each two neighbouring vectors, once split, a vector of constants
    /// and one of companions.
    /// </summary>
    public short* Inside => (short*)Unsafe.AsPointer(ref _inside[0]);

    /// <summary>For the product of pairs: 1 and the pair's gamma in turn, then their companions.</summary>
    public short* Pairs => (short*)Unsafe.AsPointer(ref _pairs[0]);

    /// <summary>A constant as it stands in the tables.</summary>
    /// <param name="value">Any value.</param>
    public static short Scaled(long value)
    {
        int scaled = (int)((value << 16) % Modulus);
        return (short)(scaled > Modulus / 2 ? scaled - Modulus : scaled);
    }

    /// <summary>The companion of a constant as it stands in the tables.</summary>
    /// <param name="scaled">What <see cref="Scaled"/> gave.</param>
    public static short Companion(short scaled) => (short)(scaled * MlKemTransform<TVector, TOps>.ModulusInverse);

    private static int Power(int value, int exponent)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power = power * value % Modulus;
        }

        return power;
    }

    private static void Put(short[] table, int at, int companionAt, int value)
    {
        table[at] = Scaled(value);
        table[companionAt] = Companion(table[at]);
    }

    private void FillLayer(int layer)
    {
        int distance = 1 << layer;
        if (distance >= TOps.Count / 2)
        {
            return;
        }

        // Each coefficient's constant in the natural order, split as the coefficients will be.
        int blocks = Degree / 4 / distance;
        short* natural = stackalloc short[2 * Degree];
        for (int i = 0; i < Degree; i++)
        {
            int block = i / (4 * distance);
            natural[i] = _plain[blocks + block];
            natural[Degree + i] = _plain[128 + blocks + block];
        }

        short* target = Inside + (layer * Degree);
        for (int at = 0; at < Degree; at += 2 * TOps.Count, target += 2 * TOps.Count)
        {
            *(TVector*)target = FirstOfSplit(distance, natural + at);
            *(TVector*)(target + TOps.Count) = FirstOfSplit(distance, natural + Degree + at);
        }
    }

    private static TVector FirstOfSplit(int distance, short* two)
    {
        TVector first = *(TVector*)two;
        TVector second = *(TVector*)(two + TOps.Count);
        TOps.Split(distance, ref first, ref second);
        return first;
    }
}
