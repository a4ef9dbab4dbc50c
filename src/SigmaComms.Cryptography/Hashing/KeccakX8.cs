using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Eight states of Keccak side by side.</summary>
/// <remarks>
/// With AVX-512 they go together; without, four by four. <see cref="KeccakLane"/> puts blocks into a lane and takes
/// them out, each lane with its own length and purpose.
/// </remarks>
/// <standard>FIPS 202, section 3.3.</standard>
internal static class KeccakX8
{
    /// <summary>States side by side.</summary>
    public const int Lanes = 8;

    /// <summary>Permutes eight states: word w of lane l is at 8 w + l.</summary>
    /// <param name="state">200 words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Permute(ulong* state)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            KeccakRounds<Vector512<ulong>, KeccakVector512>.Permute(state, Lanes);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            KeccakRounds<Vector256<ulong>, KeccakVector256>.Permute(state, Lanes);
            KeccakRounds<Vector256<ulong>, KeccakVector256>.Permute(state + 4, Lanes);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int lane = 0; lane < Lanes; lane += 2)
            {
                KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(state + lane, Lanes);
            }
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
