using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The 24 rounds of Keccak on as many states as a vector has lanes.</summary>
/// <remarks>
/// The state stays in local variables for the registers' sake, and two rounds are written out so that nothing is
/// copied between them. No branch or memory access depends on the state.
/// </remarks>
/// <standard>FIPS 202, sections 3.2 and 3.3.</standard>
internal static unsafe class KeccakRounds<TVector, TOps>
    where TVector : unmanaged
    where TOps : struct, IKeccakVector<TVector>
{
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

    /// <summary>Applies all rounds in place.</summary>
    /// <param name="state">Word w of the first state is at w * stride, those of the other states behind it.</param>
    /// <param name="stride">Distance of the words, in words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Permute(ulong* state, int stride)
    {
        TVector a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12;
        TVector a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24;
        Load(state + (0 * stride), stride, out a0, out a1, out a2, out a3, out a4);
        Load(state + (5 * stride), stride, out a5, out a6, out a7, out a8, out a9);
        Load(state + (10 * stride), stride, out a10, out a11, out a12, out a13, out a14);
        Load(state + (15 * stride), stride, out a15, out a16, out a17, out a18, out a19);
        Load(state + (20 * stride), stride, out a20, out a21, out a22, out a23, out a24);
        TVector c0, c1, c2, c3, c4, d0, d1, d2, d3, d4;
        for (int round = 0; round < Rounds; round += 2)
        {
            c0 = TOps.Xor(TOps.Xor(a0, a5, a10), a15, a20);
            c1 = TOps.Xor(TOps.Xor(a1, a6, a11), a16, a21);
            c2 = TOps.Xor(TOps.Xor(a2, a7, a12), a17, a22);
            c3 = TOps.Xor(TOps.Xor(a3, a8, a13), a18, a23);
            c4 = TOps.Xor(TOps.Xor(a4, a9, a14), a19, a24);
            Mix(c0, c1, c2, c3, c4, out d0, out d1, out d2, out d3, out d4);
            Chi(
                TOps.Xor(a0, d0), Turn(a6, d1, 44), Turn(a12, d2, 43), Turn(a18, d3, 21), Turn(a24, d4, 14),
                out TVector e0, out TVector e1, out TVector e2, out TVector e3, out TVector e4);
            Chi(
                Turn(a3, d3, 28), Turn(a9, d4, 20), Turn(a10, d0, 3), Turn(a16, d1, 45), Turn(a22, d2, 61),
                out TVector e5, out TVector e6, out TVector e7, out TVector e8, out TVector e9);
            Chi(
                Turn(a1, d1, 1), Turn(a7, d2, 6), Turn(a13, d3, 25), Turn(a19, d4, 8), Turn(a20, d0, 18),
                out TVector e10, out TVector e11, out TVector e12, out TVector e13, out TVector e14);
            Chi(
                Turn(a4, d4, 27), Turn(a5, d0, 36), Turn(a11, d1, 10), Turn(a17, d2, 15), Turn(a23, d3, 56),
                out TVector e15, out TVector e16, out TVector e17, out TVector e18, out TVector e19);
            Chi(
                Turn(a2, d2, 62), Turn(a8, d3, 55), Turn(a14, d4, 39), Turn(a15, d0, 41), Turn(a21, d1, 2),
                out TVector e20, out TVector e21, out TVector e22, out TVector e23, out TVector e24);
            e0 = TOps.Xor(e0, TOps.Create(RoundConstants[round]));

            c0 = TOps.Xor(TOps.Xor(e0, e5, e10), e15, e20);
            c1 = TOps.Xor(TOps.Xor(e1, e6, e11), e16, e21);
            c2 = TOps.Xor(TOps.Xor(e2, e7, e12), e17, e22);
            c3 = TOps.Xor(TOps.Xor(e3, e8, e13), e18, e23);
            c4 = TOps.Xor(TOps.Xor(e4, e9, e14), e19, e24);
            Mix(c0, c1, c2, c3, c4, out d0, out d1, out d2, out d3, out d4);
            Chi(
                TOps.Xor(e0, d0), Turn(e6, d1, 44), Turn(e12, d2, 43), Turn(e18, d3, 21), Turn(e24, d4, 14),
                out a0, out a1, out a2, out a3, out a4);
            Chi(
                Turn(e3, d3, 28), Turn(e9, d4, 20), Turn(e10, d0, 3), Turn(e16, d1, 45), Turn(e22, d2, 61),
                out a5, out a6, out a7, out a8, out a9);
            Chi(
                Turn(e1, d1, 1), Turn(e7, d2, 6), Turn(e13, d3, 25), Turn(e19, d4, 8), Turn(e20, d0, 18),
                out a10, out a11, out a12, out a13, out a14);
            Chi(
                Turn(e4, d4, 27), Turn(e5, d0, 36), Turn(e11, d1, 10), Turn(e17, d2, 15), Turn(e23, d3, 56),
                out a15, out a16, out a17, out a18, out a19);
            Chi(
                Turn(e2, d2, 62), Turn(e8, d3, 55), Turn(e14, d4, 39), Turn(e15, d0, 41), Turn(e21, d1, 2),
                out a20, out a21, out a22, out a23, out a24);
            a0 = TOps.Xor(a0, TOps.Create(RoundConstants[round + 1]));
        }

        Store(state + (0 * stride), stride, a0, a1, a2, a3, a4);
        Store(state + (5 * stride), stride, a5, a6, a7, a8, a9);
        Store(state + (10 * stride), stride, a10, a11, a12, a13, a14);
        Store(state + (15 * stride), stride, a15, a16, a17, a18, a19);
        Store(state + (20 * stride), stride, a20, a21, a22, a23, a24);
    }

    // Theta: what is added to each column, from the parities of its neighbours.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        TVector c0, TVector c1, TVector c2, TVector c3, TVector c4,
        out TVector d0, out TVector d1, out TVector d2, out TVector d3, out TVector d4)
    {
        d0 = TOps.Xor(c4, TOps.RotateLeft(c1, 1));
        d1 = TOps.Xor(c0, TOps.RotateLeft(c2, 1));
        d2 = TOps.Xor(c1, TOps.RotateLeft(c3, 1));
        d3 = TOps.Xor(c2, TOps.RotateLeft(c4, 1));
        d4 = TOps.Xor(c3, TOps.RotateLeft(c0, 1));
    }

    // Theta's end, then rho.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Turn(TVector lane, TVector parity, [ConstantExpected] byte count) =>
        TOps.RotateLeft(TOps.Xor(lane, parity), count);

    // One plane, which pi has gathered, through chi.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(
        TVector b0, TVector b1, TVector b2, TVector b3, TVector b4,
        out TVector e0, out TVector e1, out TVector e2, out TVector e3, out TVector e4)
    {
        e0 = TOps.Chi(b0, b1, b2);
        e1 = TOps.Chi(b1, b2, b3);
        e2 = TOps.Chi(b2, b3, b4);
        e3 = TOps.Chi(b3, b4, b0);
        e4 = TOps.Chi(b4, b0, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(
        ulong* plane, int stride, out TVector a0, out TVector a1, out TVector a2, out TVector a3, out TVector a4)
    {
        a0 = TOps.Load(plane);
        a1 = TOps.Load(plane + stride);
        a2 = TOps.Load(plane + (2 * stride));
        a3 = TOps.Load(plane + (3 * stride));
        a4 = TOps.Load(plane + (4 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ulong* plane, int stride, TVector a0, TVector a1, TVector a2, TVector a3, TVector a4)
    {
        TOps.Store(plane, a0);
        TOps.Store(plane + stride, a1);
        TOps.Store(plane + (2 * stride), a2);
        TOps.Store(plane + (3 * stride), a3);
        TOps.Store(plane + (4 * stride), a4);
    }
}
