using System.Runtime.CompilerServices;

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
}
