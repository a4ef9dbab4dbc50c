namespace SigmaComms.Cryptography.Lattice;

/// <summary>gamma_2 = (q - 1) / 32, of ML-DSA-65 and ML-DSA-87: parts of 2^9 times 1023.</summary>
/// <standard>FIPS 204, table 1.</standard>
internal readonly struct MlDsaParts16 : IMlDsaParts
{
    /// <inheritdoc/>
    public static uint Parts => 16;

    /// <inheritdoc/>
    public static uint HalfWidth => (MlDsaRing.Modulus - 1) / 32;

    /// <inheritdoc/>
    public static int Shift => 9;

    /// <inheritdoc/>
    public static uint Multiplier => ((1u << 24) / 1023) + 1;

    /// <inheritdoc/>
    public static int ProductShift => 24;
}
