using System.Numerics;
using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The Keccak permutation of 25 lanes of 64 bits, 24 rounds.</summary>
/// <remarks>No branch or memory access depends on the state.</remarks>
internal static class Keccak
{
    /// <summary>Lanes of the state.</summary>
    public const int LaneCount = 25;

    private const int Rounds = 24;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Applies all rounds in place. FIPS 202, section 3.3.</summary>
    /// <param name="state">25 lanes; lane (x, y) is at x + 5y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static unsafe void Permute(Span<ulong> state)
    {
        ulong* other = stackalloc ulong[LaneCount];
        fixed (ulong* lanes = state[..LaneCount])
        {
            for (int round = 0; round < Rounds; round += 2)
            {
                Round(lanes, other, RoundConstants[round]);
                Round(other, lanes, RoundConstants[round + 1]);
            }
        }

        new Span<ulong>(other, LaneCount).Clear();
    }

    // c and d are theta (section 3.2.1); b is one plane after rho and pi (3.2.2 and 3.2.3), stored through chi and
    // iota (3.2.4 and 3.2.5) before the next plane, so that few lanes need a register at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Round(ulong* from, ulong* to, ulong constant)
    {
        ulong c0 = from[0] ^ from[5] ^ from[10] ^ from[15] ^ from[20];
        ulong c1 = from[1] ^ from[6] ^ from[11] ^ from[16] ^ from[21];
        ulong c2 = from[2] ^ from[7] ^ from[12] ^ from[17] ^ from[22];
        ulong c3 = from[3] ^ from[8] ^ from[13] ^ from[18] ^ from[23];
        ulong c4 = from[4] ^ from[9] ^ from[14] ^ from[19] ^ from[24];
        ulong d0 = c4 ^ BitOperations.RotateLeft(c1, 1);
        ulong d1 = c0 ^ BitOperations.RotateLeft(c2, 1);
        ulong d2 = c1 ^ BitOperations.RotateLeft(c3, 1);
        ulong d3 = c2 ^ BitOperations.RotateLeft(c4, 1);
        ulong d4 = c3 ^ BitOperations.RotateLeft(c0, 1);

        ulong b0 = from[0] ^ d0;
        ulong b1 = BitOperations.RotateLeft(from[6] ^ d1, 44);
        ulong b2 = BitOperations.RotateLeft(from[12] ^ d2, 43);
        ulong b3 = BitOperations.RotateLeft(from[18] ^ d3, 21);
        ulong b4 = BitOperations.RotateLeft(from[24] ^ d4, 14);
        to[0] = b0 ^ (~b1 & b2) ^ constant;
        to[1] = b1 ^ (~b2 & b3);
        to[2] = b2 ^ (~b3 & b4);
        to[3] = b3 ^ (~b4 & b0);
        to[4] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(from[3] ^ d3, 28);
        b1 = BitOperations.RotateLeft(from[9] ^ d4, 20);
        b2 = BitOperations.RotateLeft(from[10] ^ d0, 3);
        b3 = BitOperations.RotateLeft(from[16] ^ d1, 45);
        b4 = BitOperations.RotateLeft(from[22] ^ d2, 61);
        to[5] = b0 ^ (~b1 & b2);
        to[6] = b1 ^ (~b2 & b3);
        to[7] = b2 ^ (~b3 & b4);
        to[8] = b3 ^ (~b4 & b0);
        to[9] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(from[1] ^ d1, 1);
        b1 = BitOperations.RotateLeft(from[7] ^ d2, 6);
        b2 = BitOperations.RotateLeft(from[13] ^ d3, 25);
        b3 = BitOperations.RotateLeft(from[19] ^ d4, 8);
        b4 = BitOperations.RotateLeft(from[20] ^ d0, 18);
        to[10] = b0 ^ (~b1 & b2);
        to[11] = b1 ^ (~b2 & b3);
        to[12] = b2 ^ (~b3 & b4);
        to[13] = b3 ^ (~b4 & b0);
        to[14] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(from[4] ^ d4, 27);
        b1 = BitOperations.RotateLeft(from[5] ^ d0, 36);
        b2 = BitOperations.RotateLeft(from[11] ^ d1, 10);
        b3 = BitOperations.RotateLeft(from[17] ^ d2, 15);
        b4 = BitOperations.RotateLeft(from[23] ^ d3, 56);
        to[15] = b0 ^ (~b1 & b2);
        to[16] = b1 ^ (~b2 & b3);
        to[17] = b2 ^ (~b3 & b4);
        to[18] = b3 ^ (~b4 & b0);
        to[19] = b4 ^ (~b0 & b1);

        b0 = BitOperations.RotateLeft(from[2] ^ d2, 62);
        b1 = BitOperations.RotateLeft(from[8] ^ d3, 55);
        b2 = BitOperations.RotateLeft(from[14] ^ d4, 39);
        b3 = BitOperations.RotateLeft(from[15] ^ d0, 41);
        b4 = BitOperations.RotateLeft(from[21] ^ d1, 2);
        to[20] = b0 ^ (~b1 & b2);
        to[21] = b1 ^ (~b2 & b3);
        to[22] = b2 ^ (~b3 & b4);
        to[23] = b3 ^ (~b4 & b0);
        to[24] = b4 ^ (~b0 & b1);
    }
}
