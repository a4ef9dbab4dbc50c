using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>The transform and the product of every vector size against the clear ones.</summary>
public sealed unsafe class MlDsaWideRingTests(ITestOutputHelper output)
{
    private const uint Modulus = MlDsaRing.Modulus;

    private delegate void Step(uint* polynomial);

    [WideFact(128)]
    public void Four_lanes_compute_what_one_does() => Compare<Vector128<uint>, UnsignedLanes128>();

    [WideFact(256)]
    public void Eight_lanes_compute_what_one_does() => Compare<Vector256<uint>, UnsignedLanes256>();

    [WideFact(512)]
    public void Sixteen_lanes_compute_what_one_does() => Compare<Vector512<uint>, UnsignedLanes512>();

    private static void On(uint[] polynomial, Step step)
    {
        fixed (uint* first = polynomial)
        {
            step(first);
        }
    }

    private void Compare<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        for (int run = 0; run < 40; run++)
        {
            uint[] values = Polynomials.Random(random, 256, Modulus, run);
            uint[] expected = [.. values];
            MlDsaRing.Transform(expected);
            On(values, MlDsaWideRing<TVector, TLanes>.Transform);
            Assert.Equal(expected, values);

            MlDsaRing.ReduceAll(expected);
            On(values, MlDsaWideRing<TVector, TLanes>.ReduceAll);
            Assert.Equal(expected, values);

            // 2^32 modulo q is the factor by which the wide inverse is larger.
            MlDsaRing.TransformBack(expected);
            On(values, MlDsaWideRing<TVector, TLanes>.TransformBack);
            Assert.Equal(Array.ConvertAll(expected, c => (uint)(((ulong)c << 32) % Modulus)), values);

            CompareProducts<TVector, TLanes>(random, 1 + (run % 8), run);
        }
    }

    private static void CompareProducts<TVector, TLanes>(SeededRandom random, int count, int run)
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        uint[] row = Polynomials.Random(random, 256 * count, Modulus, run);
        uint[] vector = Polynomials.Random(random, 256 * count, 20 * Modulus, run);
        uint[] expected = new uint[256];
        uint[] product = new uint[256];

        MlDsaRing.MultiplyRow(row, vector, expected);
        fixed (uint* a = row, b = vector, c = product)
        {
            MlDsaWideRing<TVector, TLanes>.MultiplyRow(a, b, count, c);
        }

        Assert.Equal(expected, Array.ConvertAll(product, c => (uint)(((ulong)c << 32) % Modulus)));
        Assert.All(product, c => Assert.True(c < Modulus));
    }
}
