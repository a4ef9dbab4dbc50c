using System.Numerics;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>The arithmetic of ML-KEM against plain remainders, for every input that occurs.</summary>
public sealed class MlKemArithmeticTests
{
    private const uint Modulus = MlKemRing.Modulus;

    [Fact]
    public void Reduction_is_the_remainder_for_every_sum_of_products()
    {
        // A lazy value and four products stay below this; see MlKemRing.AddProduct.
        const uint Limit = 85 * Modulus * Modulus;
        uint expected = 0;
        ulong wrong = 0;

        for (uint value = 0; value <= Limit; value++)
        {
            wrong += MlKemRing.Reduce(value) ^ expected;
            expected++;
            expected = expected == Modulus ? 0 : expected;
        }

        Assert.Equal(0UL, wrong);
        for (uint below = 0; below < 1 << 16; below++)
        {
            uint value = uint.MaxValue - below;
            Assert.Equal(value % Modulus, MlKemRing.Reduce(value));
        }
    }

    [Fact]
    public void Reducing_once_is_the_remainder_below_twice_the_modulus()
    {
        for (uint value = 0; value < 2 * Modulus; value++)
        {
            Assert.Equal(value % Modulus, MlKemRing.ReduceOnce(value));
        }
    }

    [Fact]
    public void A_product_by_every_constant_is_congruent_and_at_most_the_modulus()
    {
        ulong wrong = 0;
        for (uint factor = 0; factor < Modulus; factor++)
        {
            uint quotient = (uint)(((ulong)factor << 32) / Modulus);
            for (uint value = factor % 7; value < 1 << 20; value += 1013)
            {
                uint product = MlKemRing.MultiplyConstant(value, factor, quotient);
                bool right = product <= Modulus && product % Modulus == (ulong)value * factor % Modulus;
                wrong += right ? 0u : 1u;
            }
        }

        Assert.Equal(0UL, wrong);
    }

    [Fact]
    public void A_product_by_every_factor_of_the_transforms_holds_for_every_value()
    {
        ulong wrong = 0;
        for (int i = 1; i < MlKemZetas.Zetas.Length; i++)
        {
            uint factor = MlKemZetas.Zetas[i];
            uint quotient = MlKemZetas.ZetaQuotients[i];
            uint expected = 0;
            for (uint value = 0; value < 1 << 20; value++)
            {
                uint product = MlKemRing.MultiplyConstant(value, factor, quotient);
                wrong += product == expected || (expected == 0 && product == Modulus) ? 0u : 1u;
                expected += factor;
                expected -= expected >= Modulus ? Modulus : 0;
            }
        }

        Assert.Equal(0UL, wrong);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(11)]
    public void Compression_rounds_every_coefficient_as_the_standard_says(int bits)
    {
        for (uint value = 0; value < Modulus; value++)
        {
            // Half up: floor((2 x 2^d + q) / 2 q).
            uint expected = ((value << (bits + 1)) + Modulus) / (2 * Modulus) % (1u << bits);

            Assert.Equal(expected, MlKemCompression.Compress(value, bits));
        }

        for (uint value = 0; value < 1u << bits; value++)
        {
            uint expected = ((2 * value * Modulus) + (1u << bits)) / (2u << bits);

            Assert.Equal(expected, MlKemCompression.Decompress(value, bits));
            Assert.Equal(value, MlKemCompression.Compress(expected, bits));
        }
    }

    [Fact]
    public void The_tables_are_the_powers_that_the_standard_names()
    {
        for (int i = 0; i < 128; i++)
        {
            int zeta = (int)BigInteger.ModPow(17, Reversed(i, 7), Modulus);
            int gamma = (int)BigInteger.ModPow(17, (2 * Reversed(i, 7)) + 1, Modulus);

            Assert.Equal((uint)zeta, MlKemZetas.Zetas[i]);
            Assert.Equal((uint)(((ulong)zeta << 32) / Modulus), MlKemZetas.ZetaQuotients[i]);
            Assert.Equal((uint)gamma, MlKemZetas.Gammas[i]);
            Assert.Equal((uint)(((ulong)gamma << 32) / Modulus), MlKemZetas.GammaQuotients[i]);
        }
    }

    [Fact]
    public void The_product_of_transforms_is_the_product_of_polynomials_modulo_x_256_plus_1()
    {
        SeededRandom random = new(3);

        for (int run = 0; run < 20; run++)
        {
            uint[] left = Polynomial(random, run);
            uint[] right = Polynomial(random, run);
            uint[] expected = Polynomials.Multiply(left, right, Modulus);
            uint[] product = new uint[256];

            MlKemRing.Transform(left);
            MlKemRing.ReduceAll(left);
            MlKemRing.Transform(right);
            Assert.All(right, coefficient => Assert.True(coefficient < 10 * Modulus));
            MlKemRing.AddProduct(left, right, product);
            MlKemRing.ReduceAll(product);
            MlKemRing.TransformBack(product);

            Assert.Equal(expected, product);
        }
    }

    internal static int Reversed(int value, int bits)
    {
        int reversed = 0;
        for (int i = 0; i < bits; i++)
        {
            reversed |= ((value >> i) & 1) << (bits - 1 - i);
        }

        return reversed;
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
