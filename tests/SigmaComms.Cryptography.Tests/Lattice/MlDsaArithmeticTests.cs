using System.Numerics;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>The arithmetic of ML-DSA against plain remainders, for every input where they can all be tried.</summary>
public sealed class MlDsaArithmeticTests
{
    private const uint Modulus = MlDsaRing.Modulus;

    [Fact]
    public void Reduction_of_32_bits_is_the_remainder_for_every_lazy_value_and_at_the_top()
    {
        uint expected = 0;
        ulong wrong = 0;

        for (uint value = 0; value < 20 * Modulus; value++)
        {
            wrong += MlDsaRing.Reduce(value) ^ expected;
            expected++;
            expected = expected == Modulus ? 0 : expected;
        }

        Assert.Equal(0UL, wrong);
        for (uint multiple = 0; multiple < uint.MaxValue / Modulus; multiple++)
        {
            for (uint offset = 0; offset < 64; offset++)
            {
                uint value = ((multiple + 1) * Modulus) - 32 + offset;
                Assert.Equal(value % Modulus, MlDsaRing.Reduce(value));
            }
        }
    }

    [Fact]
    public void Reduction_of_64_bits_is_the_remainder_around_multiples_and_for_random_values()
    {
        // Not every input can be tried; the proof is beside the function. These are where an estimate could be off.
        SeededRandom random = new(4);

        for (int run = 0; run < 100_000; run++)
        {
            ulong any = BitConverter.ToUInt64(random.Bytes(8)) >> random.Below(64);
            ulong multiple = any - (any % Modulus);

            Assert.Equal(any % Modulus, MlDsaRing.Reduce(any));
            Assert.Equal(0u, MlDsaRing.Reduce(multiple));
            Assert.Equal(Modulus - 1, MlDsaRing.Reduce(multiple == 0 ? Modulus - 1 : multiple - 1));
        }

        Assert.Equal(ulong.MaxValue % Modulus, MlDsaRing.Reduce(ulong.MaxValue));
    }

    [Fact]
    public void Signed_and_unsigned_forms_agree_for_every_coefficient()
    {
        ulong wrong = 0;

        for (uint value = 0; value < 2 * Modulus; value++)
        {
            wrong += MlDsaRing.ReduceOnce(value) ^ (value % Modulus);
        }

        for (uint value = 0; value < Modulus; value++)
        {
            int centered = value > (Modulus - 1) / 2 ? (int)value - (int)Modulus : (int)value;
            wrong += MlDsaRing.Centered(value) == centered ? 0u : 1u;
            wrong += MlDsaRing.FromSigned(centered) ^ value;
        }

        Assert.Equal(0UL, wrong);
    }

    [Fact]
    public void A_product_by_every_factor_is_congruent_and_below_twice_the_modulus()
    {
        SeededRandom random = new(5);

        for (int i = 1; i < 256; i++)
        {
            uint factor = MlDsaZetas.Zetas[i];
            for (int run = 0; run < 1000; run++)
            {
                uint value = run == 0 ? uint.MaxValue : BitConverter.ToUInt32(random.Bytes(4));
                uint product = MlDsaRing.MultiplyConstant(value, factor, MlDsaZetas.ZetaQuotients[i]);

                Assert.True(product < 2 * Modulus);
                Assert.Equal((ulong)value * factor % Modulus, product % Modulus);
            }
        }
    }

    [Theory]
    [InlineData(16u)]
    [InlineData(44u)]
    public void Rounding_parts_every_coefficient_as_the_standard_says(uint parts)
    {
        MlDsaRounding rounding = parts == 16 ? MlDsaRounding.By16 : MlDsaRounding.By44;
        int width = (int)((Modulus - 1) / parts);
        int wrong = 0;

        for (int value = 0; value < Modulus; value++)
        {
            // Algorithm 36, word by word.
            int low = value % width;
            low = low > width / 2 ? low - width : low;
            int high = (value - low) / width;
            if (value - low == Modulus - 1)
            {
                high = 0;
                low--;
            }

            wrong += rounding.High((uint)value) == high && rounding.Low((uint)value) == low ? 0 : 1;
        }

        Assert.Equal(0, wrong);
        Assert.Equal(width / 2, (int)rounding.HalfWidth);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(44)]
    public void A_hint_gives_the_high_bits_of_the_sum_back(int parts)
    {
        MlDsaRounding rounding = parts == 16 ? MlDsaRounding.By16 : MlDsaRounding.By44;
        SeededRandom random = new(6);
        uint halfWidth = rounding.HalfWidth;

        for (int run = 0; run < 100_000; run++)
        {
            uint value = (uint)random.Below((int)Modulus);
            int small = random.Below((int)(2 * halfWidth)) - (int)halfWidth + 1;
            uint changed = MlDsaRing.Reduce(value + MlDsaRing.FromSigned(small));
            uint hint = rounding.Hint(value, changed);

            // The verifier knows the changed value and the hint, and finds the high bits of the first.
            Assert.Equal(rounding.High(value), rounding.UseHint(hint, changed));
        }
    }

    [Fact]
    public void The_tables_are_the_powers_that_the_standard_names()
    {
        for (int i = 0; i < 256; i++)
        {
            int zeta = (int)BigInteger.ModPow(1753, MlKemArithmeticTests.Reversed(i, 8), Modulus);

            Assert.Equal((uint)zeta, MlDsaZetas.Zetas[i]);
            Assert.Equal((uint)(((ulong)zeta << 32) / Modulus), MlDsaZetas.ZetaQuotients[i]);
        }
    }

    [Fact]
    public void The_product_of_transforms_is_the_product_of_polynomials_modulo_x_256_plus_1()
    {
        SeededRandom random = new(7);

        for (int run = 0; run < 20; run++)
        {
            uint[] left = Polynomial(random, run);
            uint[] right = Polynomial(random, run);
            uint[] expected = Polynomials.Multiply(left, right, Modulus);
            uint[] product = new uint[256];

            MlDsaRing.Transform(left);
            MlDsaRing.ReduceAll(left);
            MlDsaRing.Transform(right);
            Assert.All(right, coefficient => Assert.True(coefficient < 20 * Modulus));
            MlDsaRing.MultiplyRow(left, right, product);
            MlDsaRing.TransformBack(product);

            Assert.Equal(expected, product);
        }
    }

    [Fact]
    public void The_norm_check_is_strict_on_both_sides()
    {
        foreach (uint bound in new uint[] { 1, 2, 78, 1 << 17, 1 << 19 })
        {
            uint[] polynomial = new uint[256];
            polynomial[255] = bound - 1;
            Assert.True(MlDsaRing.IsWithin(polynomial, bound));
            polynomial[255] = bound;
            Assert.False(MlDsaRing.IsWithin(polynomial, bound));
            polynomial[255] = Modulus - bound;
            Assert.False(MlDsaRing.IsWithin(polynomial, bound));
            polynomial[255] = (Modulus - (bound - 1)) % Modulus;
            Assert.True(MlDsaRing.IsWithin(polynomial, bound));
        }
    }

    private static uint[] Polynomial(SeededRandom random, int run)
    {
        uint[] polynomial = new uint[256];
        for (int i = 0; i < polynomial.Length; i++)
        {
            // The first run has the largest coefficients only.
            polynomial[i] = run == 0 ? Modulus - 1 : (uint)random.Below((int)Modulus);
        }

        return polynomial;
    }
}
