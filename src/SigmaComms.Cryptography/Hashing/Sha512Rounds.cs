using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The compression of SHA-512 on several blocks side by side: word i of every block is one vector.</summary>
/// <remarks>No branch or memory access depends on the words.</remarks>
/// <typeparam name="TLanes">How vectors are worked with.</typeparam>
/// <typeparam name="TVector">One word of each block.</typeparam>
/// <standard>FIPS 180-4, section 6.4.2.</standard>
internal static unsafe class Sha512Rounds<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, ulong>
    where TVector : unmanaged
{
    /// <summary>Adds one block to the states.</summary>
    /// <param name="state">8 words of each lane; replaced.</param>
    /// <param name="words">80 words of each lane; the block is in the first 16, the others are scratch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(TVector* state, TVector* words)
    {
        Expand(words);
        Run(state, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(TVector* words)
    {
        TVector w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        TVector w4 = words[4], w5 = words[5], w6 = words[6], w7 = words[7];
        TVector w8 = words[8], w9 = words[9], w10 = words[10], w11 = words[11];
        TVector w12 = words[12], w13 = words[13], w14 = words[14], w15 = words[15];
        for (TVector* next = words + 16; next < words + Sha512Constants.RoundCount; next += 16)
        {
            next[0] = w0 = Word(w0, w1, w9, w14);
            next[1] = w1 = Word(w1, w2, w10, w15);
            next[2] = w2 = Word(w2, w3, w11, w0);
            next[3] = w3 = Word(w3, w4, w12, w1);
            next[4] = w4 = Word(w4, w5, w13, w2);
            next[5] = w5 = Word(w5, w6, w14, w3);
            next[6] = w6 = Word(w6, w7, w15, w4);
            next[7] = w7 = Word(w7, w8, w0, w5);
            next[8] = w8 = Word(w8, w9, w1, w6);
            next[9] = w9 = Word(w9, w10, w2, w7);
            next[10] = w10 = Word(w10, w11, w3, w8);
            next[11] = w11 = Word(w11, w12, w4, w9);
            next[12] = w12 = Word(w12, w13, w5, w10);
            next[13] = w13 = Word(w13, w14, w6, w11);
            next[14] = w14 = Word(w14, w15, w7, w12);
            next[15] = w15 = Word(w15, w0, w8, w13);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(TVector* state, TVector* words)
    {
        fixed (ulong* constants = Sha512Constants.Rounds)
        {
            TVector a = state[0], b = state[1], c = state[2], d = state[3];
            TVector e = state[4], f = state[5], g = state[6], h = state[7];
            for (ulong* k = constants; k < constants + Sha512Constants.RoundCount; k += 8, words += 8)
            {
                Round(a, b, c, ref d, e, f, g, ref h, words[0], k[0]);
                Round(h, a, b, ref c, d, e, f, ref g, words[1], k[1]);
                Round(g, h, a, ref b, c, d, e, ref f, words[2], k[2]);
                Round(f, g, h, ref a, b, c, d, ref e, words[3], k[3]);
                Round(e, f, g, ref h, a, b, c, ref d, words[4], k[4]);
                Round(d, e, f, ref g, h, a, b, ref c, words[5], k[5]);
                Round(c, d, e, ref f, g, h, a, ref b, words[6], k[6]);
                Round(b, c, d, ref e, f, g, h, ref a, words[7], k[7]);
            }

            state[0] = TLanes.Add(state[0], a);
            state[1] = TLanes.Add(state[1], b);
            state[2] = TLanes.Add(state[2], c);
            state[3] = TLanes.Add(state[3], d);
            state[4] = TLanes.Add(state[4], e);
            state[5] = TLanes.Add(state[5], f);
            state[6] = TLanes.Add(state[6], g);
            state[7] = TLanes.Add(state[7], h);
        }
    }

    // Section 6.4.2, step 3; the names rotate instead of the values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        TVector a, TVector b, TVector c, ref TVector d, TVector e, TVector f, TVector g, ref TVector h,
        TVector word, ulong constant)
    {
        TVector first = TLanes.Add(
            TLanes.Add(h, TLanes.Add(word, TLanes.Broadcast(constant))), TLanes.Choose(e, f, g));
        TVector sum1 = TLanes.Xor(TLanes.RotateRight(e, 14), TLanes.RotateRight(e, 18), TLanes.RotateRight(e, 41));
        first = TLanes.Add(first, sum1);
        TVector sum0 = TLanes.Xor(TLanes.RotateRight(a, 28), TLanes.RotateRight(a, 34), TLanes.RotateRight(a, 39));
        d = TLanes.Add(d, first);
        h = TLanes.Add(first, TLanes.Add(sum0, TLanes.Majority(a, b, c)));
    }

    // Section 6.4.2, step 1, with the words 16, 15, 7 and 2 before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(TVector before16, TVector before15, TVector before7, TVector before2)
    {
        TVector sigma0 = TLanes.Xor(
            TLanes.RotateRight(before15, 1), TLanes.RotateRight(before15, 8), TLanes.ShiftRight(before15, 7));
        TVector sigma1 = TLanes.Xor(
            TLanes.RotateRight(before2, 19), TLanes.RotateRight(before2, 61), TLanes.ShiftRight(before2, 6));
        return TLanes.Add(TLanes.Add(before16, sigma0), TLanes.Add(before7, sigma1));
    }
}
