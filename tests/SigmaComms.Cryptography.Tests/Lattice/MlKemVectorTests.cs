using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SigmaComms.Cryptography.Lattice;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>The arithmetic on vectors of every width that this machine has, for every input that occurs.</summary>
public sealed unsafe class MlKemVectorTests(ITestOutputHelper output)
{
    private const int Degree = 256;
    private const int Modulus = 3329;

    [Fact]
    public void Every_16_bit_value_is_reduced_to_its_remainder() =>
        InEveryWidth(new ReductionCheck());

    [Fact]
    public void Compression_is_that_of_the_standard_for_every_coefficient_and_number_of_bits() =>
        InEveryWidth(new CompressionCheck());

    [Fact]
    public void The_transform_and_its_inverse_are_those_of_the_plain_arithmetic() =>
        InEveryWidth(new TransformCheck(SeededRandom.FromEnvironment(output.WriteLine)));

    [Fact]
    public void Noise_is_the_difference_of_sums_of_bits() =>
        InEveryWidth(new NoiseCheck(SeededRandom.FromEnvironment(output.WriteLine)));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(11)]
    public void Decompression_is_that_of_the_standard_for_every_value(int bits)
    {
        short* polynomial = stackalloc short[Degree];
        uint[] values = new uint[Degree];
        byte[] bytes = new byte[32 * bits];
        for (int first = 0; first < 1 << bits; first += 100)
        {
            for (int i = 0; i < Degree; i++)
            {
                values[i] = (uint)((first + (i * 7)) % (1 << bits));
            }

            BitPacking.Pack(values, bits, bytes);
            MlKemFields.Decompress(bytes, bits, polynomial);

            for (int i = 0; i < Degree; i++)
            {
                Assert.Equal(MlKemCompression.Decompress(values[i], bits), (uint)polynomial[i]);
            }
        }
    }

    [Fact]
    public void Messages_and_vectors_are_read_as_the_plain_code_reads_them()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        short* polynomial = stackalloc short[Degree];
        uint[] expected = new uint[Degree];
        for (int run = 0; run < 50; run++)
        {
            byte[] message = random.Bytes(32);
            BitPacking.Unpack(message, 1, expected);
            fixed (byte* bytes = message)
            {
                MlKemFields.DecompressMessage(bytes, polynomial);
            }

            Assert.All(expected, (bit, i) => Assert.Equal(MlKemCompression.Decompress(bit, 1), (uint)polynomial[i]));

            byte[] packed = random.Bytes(384);
            BitPacking.Unpack(packed, 12, expected);
            bool valid = MlKemFields.Read(packed, polynomial);
            Assert.Equal(expected.All(value => value < Modulus), valid);
            Assert.All(expected, (value, i) => Assert.Equal(value, (uint)polynomial[i]));
        }
    }

    [Fact]
    public void Rejection_keeps_the_order_and_leaves_out_what_is_too_large()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        short* polynomial = stackalloc short[Degree + MlKemRejection.SlackCoefficients];
        for (int run = 0; run < 200; run++)
        {
            int size = run % 2 == 0 ? 504 : 168;
            byte[] bytes = random.Bytes(504 + MlKemRejection.SlackBytes);
            int begun = random.Below(100);
            List<short> expected = [];
            for (int i = 0; i < size; i += 3)
            {
                expected.Add((short)(bytes[i] | ((bytes[i + 1] & 15) << 8)));
                expected.Add((short)((bytes[i + 1] >> 4) | (bytes[i + 2] << 4)));
            }

            expected = [.. expected.Where(value => value < Modulus).Take(Degree - begun)];
            fixed (byte* first = bytes)
            {
                Assert.Equal(begun + expected.Count, MlKemRejection.Sample(first, size, polynomial, begun));
                Assert.Equal(expected, new ReadOnlySpan<short>(polynomial + begun, expected.Count).ToArray());
                if (Ssse3.IsSupported)
                {
                    new Span<short>(polynomial, Degree).Clear();
                    Assert.Equal(
                        begun + expected.Count, MlKemRejection.SampleByShuffle(first, size, polynomial, begun));
                    Assert.Equal(expected, new ReadOnlySpan<short>(polynomial + begun, expected.Count).ToArray());
                }
            }
        }
    }

    private static void InEveryWidth(ICheck check)
    {
        if (Ssse3.IsSupported)
        {
            check.Run<Vector128<short>, MlKemVector128>();
        }

        if (Avx2.IsSupported)
        {
            check.Run<Vector256<short>, MlKemVector256>();
        }

        if (Avx512BW.IsSupported)
        {
            check.Run<Vector512<short>, MlKemVector512>();
        }
    }

    private interface ICheck
    {
        void Run<TVector, TOps>()
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>;
    }

    private sealed class ReductionCheck : ICheck
    {
        public void Run<TVector, TOps>()
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            short* polynomial = stackalloc short[Degree];
            for (int first = short.MinValue; first <= short.MaxValue; first += Degree)
            {
                for (int i = 0; i < Degree; i++)
                {
                    polynomial[i] = (short)(first + i);
                }

                MlKemTransform<TVector, TOps>.ReduceAll(polynomial);

                for (int i = 0; i < Degree; i++)
                {
                    Assert.Equal((((first + i) % Modulus) + Modulus) % Modulus, polynomial[i]);
                }
            }
        }
    }

    private sealed class CompressionCheck : ICheck
    {
        public void Run<TVector, TOps>()
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            short* polynomial = stackalloc short[Degree];
            uint[] expected = new uint[Degree];
            for (int first = 0; first < Modulus; first += Degree)
            {
                foreach (int bits in (int[])[1, 4, 5, 10, 11, 12])
                {
                    for (int i = 0; i < Degree; i++)
                    {
                        uint value = (uint)((first + i) % Modulus);
                        polynomial[i] = (short)value;
                        expected[i] = bits == 12 ? value : MlKemCompression.Compress(value, bits);
                    }

                    Assert.Equal(Packed(expected, bits), Compressed<TVector, TOps>(polynomial, bits));
                }
            }
        }

        private static byte[] Packed(uint[] values, int bits)
        {
            byte[] bytes = new byte[32 * bits];
            BitPacking.Pack(values, bits, bytes);
            return bytes;
        }

        private static byte[] Compressed<TVector, TOps>(short* polynomial, int bits)
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            byte[] bytes = new byte[32 * bits];
            fixed (byte* first = bytes)
            {
                switch (bits)
                {
                    case 1:
                        MlKemCodec<TVector, TOps>.CompressMessage(polynomial, first);
                        break;
                    case 12:
                        MlKemCodec<TVector, TOps>.Pack(polynomial, first);
                        break;
                    default:
                        MlKemCodec<TVector, TOps>.Compress(polynomial, bits, first);
                        break;
                }
            }

            return bytes;
        }
    }

    private sealed class TransformCheck(SeededRandom random) : ICheck
    {
        public void Run<TVector, TOps>()
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            for (int run = 0; run < 40; run++)
            {
                uint[] left = Polynomial(run);
                uint[] right = Polynomial(run);
                Assert.Equal(Expected(left, right, 4), Product<TVector, TOps>(left, right, 4));
            }
        }

        // The first run has the largest coefficients only.
        private uint[] Polynomial(int run) =>
            [.. Enumerable.Range(0, Degree).Select(_ => run == 0 ? Modulus - 1u : (uint)random.Below(Modulus))];

        private static uint[] Expected(uint[] left, uint[] right, uint times)
        {
            uint[] product = Polynomials.Multiply(left, right, Modulus);
            return Array.ConvertAll(product, value => value * times % Modulus);
        }

        private static uint[] Product<TVector, TOps>(uint[] left, uint[] right, int times)
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            short* a = stackalloc short[Degree];
            short* b = stackalloc short[Degree];
            short* factors = stackalloc short[times * 2 * Degree];
            short* sum = stackalloc short[Degree];
            uint[] plain = [.. right];
            for (int i = 0; i < Degree; i++)
            {
                a[i] = (short)left[i];
                b[i] = (short)right[i];
            }

            MlKemTransform<TVector, TOps>.Forward(a);
            MlKemTransform<TVector, TOps>.ReduceAll(a);
            MlKemTransform<TVector, TOps>.Forward(b);
            for (int i = 0; i < times; i++)
            {
                MlKemTransform<TVector, TOps>.Prepare(b, factors + (2 * i * Degree));
            }

            MlKemTransform<TVector, TOps>.SumProducts(a, 0, factors, times, sum);
            MlKemTransform<TVector, TOps>.Inverse(sum);
            MlKemTransform<TVector, TOps>.ReduceAll(sum);
            MlKemTransform<TVector, TOps>.ReduceAll(b);
            MlKemRing.Transform(plain);
            MlKemRing.ReduceAll(plain);
            for (int i = 0; i < Degree; i++)
            {
                Assert.Equal(plain[i], (uint)b[i]);
            }

            uint[] product = new uint[Degree];
            for (int i = 0; i < Degree; i++)
            {
                product[i] = (uint)sum[i];
            }

            return product;
        }
    }

    private sealed class NoiseCheck(SeededRandom random) : ICheck
    {
        public void Run<TVector, TOps>()
            where TVector : unmanaged
            where TOps : struct, IMlKemVector<TVector>
        {
            short* two = stackalloc short[Degree];
            short* three = stackalloc short[Degree];
            for (int run = 0; run < 20; run++)
            {
                byte[] bytes = random.Bytes(192 + 10);
                fixed (byte* first = bytes)
                {
                    MlKemCodec<TVector, TOps>.ReadNoise2(first, two);
                    MlKemFields.ReadNoise3(first, three);
                }

                for (int i = 0; i < Degree; i++)
                {
                    Assert.Equal(Expected(bytes, i, 2), two[i]);
                    Assert.Equal(Expected(bytes, i, 3), three[i]);
                }
            }
        }

        private static int Expected(byte[] bytes, int index, int width)
        {
            int start = 2 * width * index;
            int sum = 0;
            for (int i = 0; i < 2 * width; i++)
            {
                int bit = (bytes[(start + i) / 8] >> ((start + i) % 8)) & 1;
                sum += i < width ? bit : -bit;
            }

            return sum;
        }
    }
}
