using System.Runtime.CompilerServices;

namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>What the harness must catch: a branch and an address that depend on the secret.</summary>
internal static class PlantedLeak
{
    private static readonly byte[] Table = [.. Enumerable.Range(0, 256).Select(static i => unchecked((byte)(i * 7)))];

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Branch(ReadOnlySpan<byte> secret, Span<byte> output, Memcheck unused)
    {
        output[0] = secret[0];
        if (secret[0] > 100)
        {
            output[1] = Table[3];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Address(ReadOnlySpan<byte> secret, Span<byte> output, Memcheck unused) =>
        output[0] = Table[secret[0]];
}
