namespace SigmaComms.Vault.Keys;

/// <summary>
/// The field of 256 elements with x^8 + x^4 + x^3 + x + 1, without tables and branches: no time depends on a secret.
/// </summary>
internal static class SecretField
{
    private const int Reduction = 0x1B;

    /// <summary>The product.</summary>
    public static byte Multiply(byte left, byte right)
    {
        int product = 0;
        int shifted = left;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= shifted & -((right >> bit) & 1);
            int carry = -(shifted >> 7);
            shifted = ((shifted << 1) & 0xFF) ^ (carry & Reduction);
        }

        return (byte)product;
    }

    /// <summary>The inverse, and 0 for 0: the 254th power.</summary>
    public static byte Invert(byte value)
    {
        byte power = value;
        byte result = 1;
        for (int bit = 1; bit < 8; bit++)
        {
            power = Multiply(power, power);
            result = Multiply(result, power);
        }

        return result;
    }
}
