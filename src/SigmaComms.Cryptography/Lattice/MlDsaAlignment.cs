namespace SigmaComms.Cryptography.Lattice;

/// <summary>Polynomials begin at cache lines, so that no vector lies across two.</summary>
internal static unsafe class MlDsaAlignment
{
    /// <summary>Values to ask for beyond those needed.</summary>
    public const int Slack = LineSize / sizeof(uint);

    private const int LineSize = 64;

    /// <summary>The first cache line at or after the pointer.</summary>
    public static uint* Up(uint* room) => (uint*)(((nuint)room + LineSize - 1) & ~(nuint)(LineSize - 1));

    /// <summary>Where in a pinned array the first cache line begins.</summary>
    public static int StartOf(uint[] pinned)
    {
        fixed (uint* first = pinned)
        {
            return (int)(Up(first) - first);
        }
    }
}
