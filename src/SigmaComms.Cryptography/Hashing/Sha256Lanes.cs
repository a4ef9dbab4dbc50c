using System.Runtime.Intrinsics;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-256 on 1, 4, 8 or 16 blocks side by side, as wide as the processor allows.</summary>
/// <remarks>
/// Word i of lane j is at <c>i * Width + j</c>, and all pointers are aligned to 64 bytes. Time and memory access do
/// not depend on the words. Safe to call from any thread.
/// </remarks>
/// <standard>FIPS 180-4, section 6.2.</standard>
internal abstract unsafe class Sha256Lanes
{
    /// <summary>The most lanes there may be: 16.</summary>
    public const int WidthMax = 16;

    /// <summary>One block at a time.</summary>
    public static Sha256Lanes One { get; } = new Sha256LanesOf<LanesScalar<uint>, uint>();

    /// <summary>4 blocks.</summary>
    public static Sha256Lanes Four { get; } = new Sha256LanesOf<Lanes128<uint>, Vector128<uint>>();

    /// <summary>8 blocks.</summary>
    public static Sha256Lanes Eight { get; } = new Sha256LanesOf<Lanes256<uint>, Vector256<uint>>();

    /// <summary>16 blocks.</summary>
    public static Sha256Lanes Sixteen { get; } = new Sha256LanesOf<Lanes512<uint>, Vector512<uint>>();

    /// <summary>Every width, narrowest first; the runtime emulates what the processor lacks.</summary>
    public static IReadOnlyList<Sha256Lanes> All { get; } = [One, Four, Eight, Sixteen];

    /// <summary>What costs this processor least for so many blocks; may have fewer lanes than that.</summary>
    /// <param name="count">Blocks, at least 1.</param>
    public static Sha256Lanes For(int count)
    {
        if (count == 1 || !Vector128.IsHardwareAccelerated)
        {
            return One;
        }

        if (!Vector256.IsHardwareAccelerated)
        {
            return Four;
        }

        return count <= Vector256<uint>.Count || !Vector512.IsHardwareAccelerated ? Eight : Sixteen;
    }

    /// <summary>Blocks side by side.</summary>
    public abstract int Width { get; }

    /// <summary>Adds one block to the states.</summary>
    /// <param name="state">8 words of each lane; replaced.</param>
    /// <param name="words">64 words of each lane; the block is in the first 16, the others are scratch.</param>
    public abstract void Compress(uint* state, uint* words);

    /// <summary>Hashes each lane's value again and again, as the Winternitz chains of SLH-DSA do.</summary>
    /// <param name="chain">Where the values are and how far to go.</param>
    public abstract void Iterate(Sha256Chain chain);
}
