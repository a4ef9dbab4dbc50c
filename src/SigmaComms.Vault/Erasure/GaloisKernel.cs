using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SigmaComms.Vault.Erasure;

/// <summary>Computes fragments from others by sums of products in GF(2^8): the loop that erasure coding is.</summary>
/// <remarks>Safe to call from any thread.</remarks>
internal abstract class GaloisKernel
{
    /// <summary>Byte by byte, on any processor.</summary>
    public static GaloisKernel Portable { get; } = new PortableKernel();

    /// <summary>Those that run on this processor, the fastest first.</summary>
    public static IReadOnlyList<GaloisKernel> All { get; } = [.. Supported()];

    /// <summary>The fastest one of this processor.</summary>
    public static GaloisKernel Best { get; } = All[0];

    /// <summary>What it uses, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Computes all targets.</summary>
    /// <param name="combination">What from what.</param>
    /// <param name="stripe">The fragments one after the other.</param>
    /// <param name="fragmentLength">Bytes of each, a multiple of 64.</param>
    public void Run(Combination combination, Span<byte> stripe, int fragmentLength)
    {
        ArgumentNullException.ThrowIfNull(combination);
        CheckSlots(combination.Sources, stripe.Length, fragmentLength);
        CheckSlots(combination.Targets, stripe.Length, fragmentLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(
            combination.Coefficients.Length, combination.Sources.Length * combination.Targets.Length);
        Run(combination, stripe, fragmentLength, 0);
    }

    /// <summary>Computes all targets from an offset on; slots were checked.</summary>
    /// <param name="combination">What from what.</param>
    /// <param name="stripe">The fragments one after the other.</param>
    /// <param name="fragmentLength">Bytes of each, a multiple of 64.</param>
    /// <param name="from">The first byte of the fragments to compute.</param>
    internal abstract void Run(Combination combination, Span<byte> stripe, int fragmentLength, int from);

    private static IEnumerable<GaloisKernel> Supported()
    {
        GaloisKernel? affine256 = Gfni.V256.IsSupported
            ? new VectorKernel<AffineVector256, Vector256<byte>, Vector256<byte>>("GFNI, 256 bits", Portable)
            : null;
        if (Gfni.V512.IsSupported)
        {
            yield return new VectorKernel<AffineVector512, Vector512<byte>, Vector512<byte>>(
                "GFNI, 512 bits", affine256 ?? Portable);
        }

        if (affine256 is not null)
        {
            yield return affine256;
        }

        if (Avx2.IsSupported)
        {
            yield return new VectorKernel<NibbleVector256, Vector256<byte>, NibbleFactor<Vector256<byte>>>(
                "AVX2", Portable);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            yield return new VectorKernel<NibbleVector128, Vector128<byte>, NibbleFactor<Vector128<byte>>>(
                "128 bits", Portable);
        }

        yield return Portable;
    }

    private static void CheckSlots(int[] slots, int stripeLength, int fragmentLength)
    {
        foreach (int slot in slots)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slot);
            ArgumentOutOfRangeException.ThrowIfGreaterThan((slot + 1L) * fragmentLength, stripeLength, nameof(slots));
        }
    }
}
