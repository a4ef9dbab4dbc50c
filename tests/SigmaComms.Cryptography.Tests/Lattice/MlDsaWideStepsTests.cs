using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>Rounding, checks, hints and packing of every vector size against the clear ones.</summary>
public sealed unsafe class MlDsaWideStepsTests(ITestOutputHelper output)
{
    private const uint Modulus = MlDsaRing.Modulus;
    private static readonly int[] Widths = [3, 4, 10, 13, 18, 20];

    [WideFact(128)]
    public void Four_lanes_compute_what_one_does() => Compare<Vector128<uint>, UnsignedLanes128>();

    [WideFact(256)]
    public void Eight_lanes_compute_what_one_does() => Compare<Vector256<uint>, UnsignedLanes256>();

    [WideFact(512)]
    public void Sixteen_lanes_compute_what_one_does() => Compare<Vector512<uint>, UnsignedLanes512>();

    [WideFact(128)]
    public void Every_coefficient_is_rounded_as_by_the_clear_code()
    {
        RoundAll<MlDsaParts16>(MlDsaRounding.By16);
        RoundAll<MlDsaParts44>(MlDsaRounding.By44);
    }

    [WideFact(128)]
    public void Candidates_from_the_modulus_up_are_left_out()
    {
        TakeUniform<Vector128<uint>, UnsignedLanes128>();
        if (UnsignedLanes256.IsSupported)
        {
            TakeUniform<Vector256<uint>, UnsignedLanes256>();
        }

        if (UnsignedLanes512.IsSupported)
        {
            TakeUniform<Vector512<uint>, UnsignedLanes512>();
        }
    }

    private void Compare<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        for (int run = 0; run < 12; run++)
        {
            CompareRounding<TVector, TLanes, MlDsaParts16>(MlDsaRounding.By16, random, run);
            CompareRounding<TVector, TLanes, MlDsaParts44>(MlDsaRounding.By44, random, run);
            CompareBounds<TVector, TLanes>(random.Below(256), 1u << random.Below(20));
            Array.ForEach(Widths, bits => ComparePacking<TVector, TLanes>(random, bits, run));
        }
    }

    private static void CompareRounding<TVector, TLanes, TParts>(MlDsaRounding rounding, SeededRandom random, int run)
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
        where TParts : struct, IMlDsaParts
    {
        uint[] value = Polynomials.Random(random, 256, Modulus, run);
        uint[] other = Polynomials.Random(random, 256, Modulus, run);
        uint[] hints = Polynomials.Random(random, 256, 2, run);
        uint[] difference = [.. value];
        uint[] room = new uint[256];
        byte[] packed = new byte[32 * rounding.Bits];
        byte[] wide = new byte[packed.Length + 16];
        ulong[] words = new ulong[4];
        int ones;
        fixed (uint* a = value, b = other, h = hints, d = difference, r = room)
        fixed (byte* bytes = wide)
        fixed (ulong* w = words)
        {
            MlDsaWideRounding<TVector, TLanes, TParts>.PackHigh(a, r, bytes);
            BitPacking.Pack(Array.ConvertAll(value, rounding.High), rounding.Bits, packed);
            Assert.Equal(packed, wide[..packed.Length]);

            ones = MlDsaWideRounding<TVector, TLanes, TParts>.Hint(b, a, w);
            MlDsaWideRounding<TVector, TLanes, TParts>.SubtractAndCheckLow(b, d, 1000);
            value.CopyTo(room, 0);
            MlDsaWideRounding<TVector, TLanes, TParts>.PackHinted(r, h, bytes);
        }

        BitPacking.Pack([.. value.Zip(hints, (v, h) => rounding.UseHint(h, v))], rounding.Bits, packed);
        Assert.Equal(packed, wide[..packed.Length]);
        uint[] expected = [.. value.Zip(other, (v, o) => rounding.Hint(v, (v + o) % Modulus))];
        Assert.Equal(expected, Enumerable.Range(0, 256).Select(i => (uint)((words[i / 64] >> (i % 64)) & 1)));
        Assert.Equal(expected.Sum(hint => (int)hint), ones);
        Assert.Equal(value.Zip(other, (v, o) => (v + Modulus - o) % Modulus), difference);
    }

    // Both sides of the bound at one place, all other coefficients zero.
    private static void CompareBounds<TVector, TLanes>(int place, uint bound)
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        uint[] zero = new uint[256];
        foreach (uint coefficient in new[] { bound - 1, bound, Modulus - bound, (Modulus - bound + 1) % Modulus })
        {
            uint[] polynomial = new uint[256];
            polynomial[place] = coefficient;
            bool within = coefficient < bound || coefficient > Modulus - bound;
            fixed (uint* p = polynomial, z = zero)
            {
                Assert.Equal(within, MlDsaWideRounding<TVector, TLanes, MlDsaParts16>.IsWithin(p, bound));
                Assert.Equal(within, MlDsaWideRounding<TVector, TLanes, MlDsaParts16>.AddAndCheck(z, p, bound));
                bool low = Math.Abs(MlDsaRounding.By44.Low(coefficient)) < bound;
                Assert.Equal(low, MlDsaWideRounding<TVector, TLanes, MlDsaParts44>.SubtractAndCheckLow(z, p, bound));
            }
        }
    }

    private static void ComparePacking<TVector, TLanes>(SeededRandom random, int bits, int run)
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        uint[] values = Polynomials.Random(random, 256, 1u << bits, run);
        uint[] again = new uint[256];
        byte[] bytes = new byte[(32 * bits) + 16];
        byte[] response = new byte[bytes.Length];
        uint top = 1u << (bits - 1);
        BitPacking.Pack(values, bits, bytes.AsSpan(0, 32 * bits));
        fixed (uint* polynomial = again)
        fixed (byte* from = bytes, to = response)
        {
            bool taken = MlDsaWidePacking<TVector, TLanes>.TryUnpackSigned(from, bits, top, top, polynomial);

            Assert.Equal(values.Max() <= top, taken);
            Assert.Equal(values.Select(value => (top + Modulus - value) % Modulus), again);
            if (bits >= 18)
            {
                MlDsaWidePacking<TVector, TLanes>.PackResponse(polynomial, bits, to);
                Assert.Equal(bytes[..(32 * bits)], response[..(32 * bits)]);
            }
        }
    }

    private static void RoundAll<TParts>(MlDsaRounding rounding)
        where TParts : struct, IMlDsaParts
    {
        uint[] values = new uint[256];
        uint[] room = new uint[256];
        byte[] packed = new byte[32 * rounding.Bits];
        byte[] wide = new byte[packed.Length + 16];
        fixed (uint* v = values, r = room)
        fixed (byte* bytes = wide)
        {
            for (uint first = 0; first < Modulus; first += 256)
            {
                for (uint i = 0; i < 256; i++)
                {
                    values[i] = (first + i) % Modulus;
                    room[i] = rounding.High(values[i]);
                }

                BitPacking.Pack(room, rounding.Bits, packed);
                MlDsaWideRounding<Vector128<uint>, UnsignedLanes128, TParts>.PackHigh(v, r, bytes);
                Assert.True(packed.AsSpan().SequenceEqual(wide.AsSpan(0, packed.Length)));
            }
        }
    }

    private void TakeUniform<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, IUnsignedLanes<TVector>
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] bytes = random.Bytes(3 * 280 + 64);
        foreach (int refused in new[] { 0, 1, 5, 20, 40 })
        {
            for (int i = 0; i < refused; i++)
            {
                // The modulus itself, at places that are often neighbours.
                new byte[] { 0x01, 0xE0, 0xFF }.CopyTo(bytes, 3 * random.Below(1 + (refused * 5)));
            }

            List<uint> expected = [];
            for (int i = 0; i < 272; i++)
            {
                uint value = (BitConverter.ToUInt32(bytes, 3 * i)) & 0x7FFFFF;
                if (value < Modulus)
                {
                    expected.Add(value);
                }
            }

            uint[] polynomial = new uint[256 + 16];
            bool enough;
            fixed (byte* from = bytes)
            fixed (uint* to = polynomial)
            {
                enough = MlDsaWideSampling<TVector, TLanes>.TryTakeUniform(from, 3 * 272, to);
            }

            Assert.Equal(expected.Count >= 256, enough);
            int count = Math.Min(256, expected.Count);
            Assert.Equal(expected.Take(count), polynomial.Take(count));
        }
    }
}
