namespace SigmaComms.Cryptography.Lattice;

/// <summary>gamma_2 = (q - 1) / 88, of ML-DSA-44: parts of 2^11 times 93.</summary>
/// <standard>FIPS 204, table 1.</standard>
internal readonly struct MlDsaParts44 : IMlDsaParts
{
    /// <inheritdoc/>
    public static uint Parts => 44;

    /// <inheritdoc/>
    public static uint HalfWidth => (MlDsaRing.Modulus - 1) / 88;

    /// <inheritdoc/>
    public static int Shift => 11;

    /// <inheritdoc/>
    public static uint Multiplier => ((1u << 22) / 93) + 1;

    /// <inheritdoc/>
    public static int ProductShift => 22;
}
