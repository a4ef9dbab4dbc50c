using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Reads and writes one of several Keccak states that lie word beside word.</summary>
internal static unsafe class KeccakLane
{
    /// <summary>Adds the beginning of a block to one state.</summary>
    /// <param name="words">Word w of state l is at w * lanes + l.</param>
    /// <param name="lanes">States side by side.</param>
    /// <param name="lane">Which of them.</param>
    /// <param name="block">At most a block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void XorIn(Span<ulong> words, int lanes, int lane, ReadOnlySpan<byte> block)
    {
        int whole = block.Length / sizeof(ulong);
        int rest = block.Length % sizeof(ulong);
        Invariant.Holds(words.Length == lanes * Keccak.LaneCount && lane < lanes && whole < Keccak.LaneCount);
        fixed (byte* source = block)
        fixed (ulong* target = words)
        {
            ulong* word = target + lane;
            for (int i = 0; i < whole; i++)
            {
                word[i * lanes] ^= Unsafe.ReadUnaligned<ulong>(source + (i * sizeof(ulong)));
            }

            for (int i = 0; i < rest; i++)
            {
                word[whole * lanes] ^= (ulong)source[(whole * sizeof(ulong)) + i] << (8 * i);
            }
        }
    }

    /// <summary>Adds the padding of SHAKE or SHA-3 to one state.</summary>
    /// <param name="words">Word w of state l is at w * lanes + l.</param>
    /// <param name="lanes">States side by side.</param>
    /// <param name="lane">Which of them.</param>
    /// <param name="filledBytes">Bytes of the last block, below the rate.</param>
    /// <param name="rateBytes">Bytes of a block.</param>
    /// <param name="suffix">The bits that tell the functions apart, and the first bit of the padding.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pad(Span<ulong> words, int lanes, int lane, int filledBytes, int rateBytes, byte suffix)
    {
        words[(filledBytes / sizeof(ulong) * lanes) + lane] ^= (ulong)suffix << (filledBytes % sizeof(ulong) * 8);
        words[(((rateBytes / sizeof(ulong)) - 1) * lanes) + lane] ^= 1UL << 63;
    }

    /// <summary>Copies the beginning of one state out.</summary>
    /// <param name="words">Word w of state l is at w * lanes + l.</param>
    /// <param name="lanes">States side by side.</param>
    /// <param name="lane">Which of them.</param>
    /// <param name="block">At most a block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyOut(ReadOnlySpan<ulong> words, int lanes, int lane, Span<byte> block)
    {
        int whole = block.Length / sizeof(ulong);
        int rest = block.Length % sizeof(ulong);
        Invariant.Holds(words.Length == lanes * Keccak.LaneCount && lane < lanes && whole < Keccak.LaneCount);
        fixed (byte* target = block)
        fixed (ulong* source = words)
        {
            ulong* word = source + lane;
            for (int i = 0; i < whole; i++)
            {
                Unsafe.WriteUnaligned(target + (i * sizeof(ulong)), word[i * lanes]);
            }

            for (int i = 0; i < rest; i++)
            {
                target[(whole * sizeof(ulong)) + i] = (byte)(word[whole * lanes] >> (8 * i));
            }
        }
    }

    /// <summary>Copies the beginning of each of four states out, in whole words.</summary>
    /// <param name="words">Word w of state l is at 4 w + l.</param>
    /// <param name="target">Where the first state's bytes go; room for all four.</param>
    /// <param name="strideBytes">From one state's bytes to the next one's.</param>
    /// <param name="sizeBytes">Bytes of each, a multiple of 8, at most a block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyOut4(ReadOnlySpan<ulong> words, byte* target, int strideBytes, int sizeBytes)
    {
        int whole = sizeBytes / sizeof(ulong);
        Invariant.Holds(words.Length == 4 * Keccak.LaneCount && whole < Keccak.LaneCount);
        fixed (ulong* source = words)
        {
            int word = 0;
            if (Avx2.IsSupported)
            {
                for (; word + 4 <= whole; word += 4)
                {
                    Transpose(source + (4 * word), target + (word * sizeof(ulong)), strideBytes);
                }
            }

            for (; word < whole; word++)
            {
                for (int lane = 0; lane < 4; lane++)
                {
                    byte* to = target + (lane * strideBytes) + (word * sizeof(ulong));
                    Unsafe.WriteUnaligned(to, source[(4 * word) + lane]);
                }
            }
        }
    }

    // Four words of four states.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ulong* source, byte* target, int strideBytes)
    {
        Vector256<ulong> a = Vector256.Load(source);
        Vector256<ulong> b = Vector256.Load(source + 4);
        Vector256<ulong> c = Vector256.Load(source + 8);
        Vector256<ulong> d = Vector256.Load(source + 12);
        Vector256<ulong> evenLow = Avx2.UnpackLow(a, b);
        Vector256<ulong> oddLow = Avx2.UnpackHigh(a, b);
        Vector256<ulong> evenHigh = Avx2.UnpackLow(c, d);
        Vector256<ulong> oddHigh = Avx2.UnpackHigh(c, d);
        Avx2.Permute2x128(evenLow, evenHigh, 0x20).AsByte().Store(target);
        Avx2.Permute2x128(oddLow, oddHigh, 0x20).AsByte().Store(target + strideBytes);
        Avx2.Permute2x128(evenLow, evenHigh, 0x31).AsByte().Store(target + (2 * strideBytes));
        Avx2.Permute2x128(oddLow, oddHigh, 0x31).AsByte().Store(target + (3 * strideBytes));
    }
}
