using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests;

/// <summary>A test of code for vectors of one size; skipped where this process has none.</summary>
public sealed class WideFactAttribute : FactAttribute
{
    /// <summary>Takes the size in bits.</summary>
    public WideFactAttribute(int bits)
    {
        bool supported = bits switch
        {
            128 => UnsignedLanes128.IsSupported,
            256 => UnsignedLanes256.IsSupported,
            _ => UnsignedLanes512.IsSupported,
        };
        if (!supported)
        {
            Skip = $"This process has no vectors of {bits} bits.";
        }
    }
}
