using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The Keccak permutation of 25 lanes of 64 bits, 24 rounds.</summary>
/// <remarks>No branch or memory access depends on the state.</remarks>
internal static class Keccak
{
    /// <summary>Lanes of the state.</summary>
    public const int LaneCount = 25;

    /// <summary>Applies all rounds in place. FIPS 202, section 3.3.</summary>
    /// <param name="state">25 lanes; lane (x, y) is at x + 5y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Permute(Span<ulong> state)
    {
        fixed (ulong* lanes = state[..LaneCount])
        {
            if (Avx512F.VL.IsSupported)
            {
                KeccakRounds<Vector128<ulong>, KeccakVectorHalf>.Permute(lanes, 1);
            }
            else
            {
                KeccakRounds<ulong, KeccakVector64>.Permute(lanes, 1);
            }
        }
    }
}
