using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Four states of Keccak side by side.</summary>
/// <remarks>
/// With AVX-512 or AVX2 the four cost about as much as one alone; without, they go two by two or one by one.
/// <see cref="KeccakLane"/> puts blocks into a lane and takes them out, each lane with its own length and purpose.
/// </remarks>
/// <standard>FIPS 202, section 3.3.</standard>
internal static class KeccakX4
{
    /// <summary>States side by side.</summary>
    public const int Lanes = 4;

    /// <summary>Permutes four states: word w of lane l is at 4 w + l.</summary>
    /// <param name="state">100 words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Permute(ulong* state)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            KeccakRounds<Vector256<ulong>, KeccakVector256>.Permute(state, Lanes);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(state, Lanes);
            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(state + 2, Lanes);
        }
        else
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                KeccakRounds<ulong, KeccakVector64>.Permute(state + lane, Lanes);
            }
        }
    }
}
