namespace SigmaComms.Cryptography.Lattice;

/// <summary>The numbers behind one width of rounding, as constants for the compiler.</summary>
/// <remarks>
/// High bits are floor((r + gamma_2 - 1) / (2 gamma_2)). As 2 gamma_2 is 2^Shift times a small number, the quotient is
/// that of a 15-bit number by the small one: a 32-bit product and a shift. A test tries every coefficient.
/// </remarks>
/// <standard>FIPS 204, section 7.4.</standard>
internal interface IMlDsaParts
{
    /// <summary>(q - 1) / (2 gamma_2).</summary>
    static abstract uint Parts { get; }

    /// <summary>gamma_2.</summary>
    static abstract uint HalfWidth { get; }

    /// <summary>How often 2 divides 2 gamma_2.</summary>
    static abstract int Shift { get; }

    /// <summary>2^ProductShift / (2 gamma_2 / 2^Shift), rounded up.</summary>
    static abstract uint Multiplier { get; }

    /// <summary>Shift of the product.</summary>
    static abstract int ProductShift { get; }
}
