using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>Chooses the arithmetic for this process, once.</summary>
internal static class MlDsaArithmetic
{
    /// <summary>All that this process can run, the clear one first, the fastest last.</summary>
    public static IReadOnlyList<IMlDsaArithmetic> All { get; } = List();

    /// <summary>The fastest.</summary>
    public static IMlDsaArithmetic Best { get; } = All[^1];

    private static List<IMlDsaArithmetic> List()
    {
        List<IMlDsaArithmetic> all = [new MlDsaClearArithmetic()];
        if (UnsignedLanes128.IsSupported)
        {
            all.Add(new MlDsaWideArithmetic<Vector128<uint>, UnsignedLanes128>());
        }

        if (UnsignedLanes256.IsSupported)
        {
            all.Add(new MlDsaWideArithmetic<Vector256<uint>, UnsignedLanes256>());
        }

        if (UnsignedLanes512.IsSupported)
        {
            all.Add(new MlDsaWideArithmetic<Vector512<uint>, UnsignedLanes512>());
        }

        return all;
    }
}
