using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-512 on 1, 2, 4 or 8 blocks side by side, as wide as the processor allows.</summary>
/// <remarks>
/// Word i of lane j is at <c>i * Width + j</c>, and all pointers are aligned to 64 bytes. Time and memory access do
/// not depend on the words. Safe to call from any thread.
/// </remarks>
/// <standard>FIPS 180-4, section 6.4.</standard>
internal abstract unsafe class Sha512Lanes
{
    /// <summary>The most lanes there may be: 8.</summary>
    public const int WidthMax = 8;

    /// <summary>One block at a time.</summary>
    public static Sha512Lanes One { get; } = new Sha512LanesOf<LanesScalar<ulong>, ulong>();

    /// <summary>2 blocks.</summary>
    public static Sha512Lanes Two { get; } = new Sha512LanesOf<Lanes128<ulong>, Vector128<ulong>>();

    /// <summary>4 blocks.</summary>
    public static Sha512Lanes Four { get; } = new Sha512LanesOf<Lanes256<ulong>, Vector256<ulong>>();

    /// <summary>8 blocks.</summary>
    public static Sha512Lanes Eight { get; } = new Sha512LanesOf<Lanes512<ulong>, Vector512<ulong>>();

    /// <summary>Every width, narrowest first; the runtime emulates what the processor lacks.</summary>
    public static IReadOnlyList<Sha512Lanes> All { get; } = [One, Two, Four, Eight];

    /// <summary>What costs this processor least for so many blocks; may have fewer lanes than that.</summary>
    /// <param name="count">Blocks, at least 1.</param>
    public static Sha512Lanes For(int count)
    {
        if (count == 1 || !Vector128.IsHardwareAccelerated)
        {
            return One;
        }

        if (!Vector256.IsHardwareAccelerated)
        {
            return Two;
        }

        return count <= Vector256<ulong>.Count || !Vector512.IsHardwareAccelerated ? Four : Eight;
    }

    /// <summary>Blocks side by side.</summary>
    public abstract int Width { get; }

    /// <summary>Adds one block to the states.</summary>
    /// <param name="state">8 words of each lane; replaced.</param>
    /// <param name="words">80 words of each lane; the block is in the first 16, the others are scratch.</param>
    public abstract void Compress(ulong* state, ulong* words);
}
