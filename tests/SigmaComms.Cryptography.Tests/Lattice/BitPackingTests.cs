using System.Numerics;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Lattice;

public sealed class BitPackingTests
{
    [Fact]
    public void Coefficients_of_every_width_are_the_bits_of_one_long_number()
    {
        SeededRandom random = new(8);

        for (int bits = 1; bits <= 20; bits++)
        {
            uint[] coefficients = new uint[256];
            BigInteger number = BigInteger.Zero;
            for (int i = 0; i < coefficients.Length; i++)
            {
                coefficients[i] = (uint)random.Below(1 << bits);
                number += (BigInteger)coefficients[i] << (bits * i);
            }

            byte[] bytes = new byte[32 * bits];
            uint[] again = new uint[256];
            BitPacking.Pack(coefficients, bits, bytes);
            BitPacking.Unpack(bytes, bits, again);

            Assert.Equal(number, new BigInteger(bytes, isUnsigned: true));
            Assert.Equal(coefficients, again);
        }
    }

    [Fact]
    public void A_wrong_number_of_bytes_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => BitPacking.Pack(new uint[256], 10, new byte[319]));
        Assert.Throws<ArgumentException>(() => BitPacking.Unpack(new byte[321], 10, new uint[256]));
    }
}
