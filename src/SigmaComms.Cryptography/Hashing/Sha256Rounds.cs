using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The compression of SHA-256 on several blocks side by side: word i of every block is one vector.</summary>
/// <remarks>No branch or memory access depends on the words.</remarks>
/// <typeparam name="TLanes">How vectors are worked with.</typeparam>
/// <typeparam name="TVector">One word of each block.</typeparam>
/// <standard>FIPS 180-4, section 6.2.2.</standard>
internal static unsafe class Sha256Rounds<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, uint>
    where TVector : unmanaged
{
    /// <summary>Words of the message schedule, the first 16 of which are the block.</summary>
    public const int ScheduleLength = Sha256Constants.RoundCount;

    /// <summary>Rounds that need the first words of the block only; see <see cref="Start"/>.</summary>
    public const int StartRounds = 5;

    /// <summary>Adds one block to the states.</summary>
    /// <param name="state">8 words of each lane; replaced.</param>
    /// <param name="words">64 words of each lane; the block is in the first 16, the others are scratch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(TVector* state, TVector* words)
    {
        Expand(words);
        Run(state, state, words, 0, state);
    }

    /// <summary>The message schedule: words 16 to 63 from the 16 before each.</summary>
    /// <param name="words">64 words of each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Expand(TVector* words)
    {
        TVector w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        TVector w4 = words[4], w5 = words[5], w6 = words[6], w7 = words[7];
        TVector w8 = words[8], w9 = words[9], w10 = words[10], w11 = words[11];
        TVector w12 = words[12], w13 = words[13], w14 = words[14], w15 = words[15];
        for (TVector* next = words + 16; next < words + ScheduleLength; next += 16)
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

    /// <summary>The first five rounds, which many blocks may share; <see cref="Run"/> goes on from them.</summary>
    /// <param name="state">8 words of each lane.</param>
    /// <param name="words">At least the first five words of each block.</param>
    /// <param name="working">Receives 8 words of each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Start(TVector* state, TVector* words, TVector* working)
    {
        fixed (uint* constants = Sha256Constants.Rounds)
        {
            TVector a = state[0], b = state[1], c = state[2], d = state[3];
            TVector e = state[4], f = state[5], g = state[6], h = state[7];
            Round(a, b, c, ref d, e, f, g, ref h, words[0], constants[0]);
            Round(h, a, b, ref c, d, e, f, ref g, words[1], constants[1]);
            Round(g, h, a, ref b, c, d, e, ref f, words[2], constants[2]);
            Round(f, g, h, ref a, b, c, d, ref e, words[3], constants[3]);
            Round(e, f, g, ref h, a, b, c, ref d, words[4], constants[4]);
            (working[0], working[1], working[2], working[3]) = (a, b, c, d);
            (working[4], working[5], working[6], working[7]) = (e, f, g, h);
        }
    }

    /// <summary>The rounds from the first, or from the sixth, to the last.</summary>
    /// <param name="working">The state, or what <see cref="Start"/> gave.</param>
    /// <param name="state">8 words of each lane, to which the outcome is added.</param>
    /// <param name="words">64 words of each lane.</param>
    /// <param name="done">0 or <see cref="StartRounds"/>.</param>
    /// <param name="sum">Receives 8 words of each lane; may be the state.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TVector* working, TVector* state, TVector* words, int done, TVector* sum)
    {
        fixed (uint* constants = Sha256Constants.Rounds)
        {
            TVector a = working[0], b = working[1], c = working[2], d = working[3];
            TVector e = working[4], f = working[5], g = working[6], h = working[7];
            uint* k = constants;
            if (done != 0)
            {
                Round(d, e, f, ref g, h, a, b, ref c, words[5], k[5]);
                Round(c, d, e, ref f, g, h, a, ref b, words[6], k[6]);
                Round(b, c, d, ref e, f, g, h, ref a, words[7], k[7]);
                k += 8;
                words += 8;
            }

            for (; k < constants + ScheduleLength; k += 8, words += 8)
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

            sum[0] = TLanes.Add(state[0], a);
            sum[1] = TLanes.Add(state[1], b);
            sum[2] = TLanes.Add(state[2], c);
            sum[3] = TLanes.Add(state[3], d);
            sum[4] = TLanes.Add(state[4], e);
            sum[5] = TLanes.Add(state[5], f);
            sum[6] = TLanes.Add(state[6], g);
            sum[7] = TLanes.Add(state[7], h);
        }
    }

    // Section 6.2.2, step 3; the names rotate instead of the values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        TVector a, TVector b, TVector c, ref TVector d, TVector e, TVector f, TVector g, ref TVector h,
        TVector word, uint constant)
    {
        TVector first = TLanes.Add(TLanes.Add(h, TLanes.Add(word, TLanes.Broadcast(constant))), TLanes.Choose(e, f, g));
        TVector sum1 = TLanes.Xor(TLanes.RotateRight(e, 6), TLanes.RotateRight(e, 11), TLanes.RotateRight(e, 25));
        first = TLanes.Add(first, sum1);
        TVector sum0 = TLanes.Xor(TLanes.RotateRight(a, 2), TLanes.RotateRight(a, 13), TLanes.RotateRight(a, 22));
        d = TLanes.Add(d, first);
        h = TLanes.Add(first, TLanes.Add(sum0, TLanes.Majority(a, b, c)));
    }

    // Section 6.2.2, step 1, with the words 16, 15, 7 and 2 before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word(TVector before16, TVector before15, TVector before7, TVector before2)
    {
        TVector sigma0 = TLanes.Xor(
            TLanes.RotateRight(before15, 7), TLanes.RotateRight(before15, 18), TLanes.ShiftRight(before15, 3));
        TVector sigma1 = TLanes.Xor(
            TLanes.RotateRight(before2, 17), TLanes.RotateRight(before2, 19), TLanes.ShiftRight(before2, 10));
        return TLanes.Add(TLanes.Add(before16, sigma0), TLanes.Add(before7, sigma1));
    }
}
