using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Tests.Erasure;

public sealed class GaloisFieldTests
{
    [Fact]
    public void Products_are_those_of_polynomials_modulo_the_fields_own()
    {
        for (int left = 0; left < 256; left++)
        {
            for (int right = 0; right < 256; right++)
            {
                Assert.Equal(Slowly(left, right), GaloisField.Multiply((byte)left, (byte)right));
            }
        }
    }

    [Fact]
    public void A_value_times_its_inverse_is_one_and_zero_has_none()
    {
        for (int value = 1; value < 256; value++)
        {
            Assert.Equal(1, GaloisField.Multiply((byte)value, GaloisField.Inverse((byte)value)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => GaloisField.Inverse(0));
    }

    private static int Slowly(int left, int right)
    {
        int product = 0;
        for (int bit = 7; bit >= 0; bit--)
        {
            product = (product << 1) ^ ((product & 0x80) != 0 ? 0x11d : 0);
            product ^= ((right >> bit) & 1) != 0 ? left : 0;
        }

        return product;
    }
}
