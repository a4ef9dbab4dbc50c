namespace SigmaComms.Vault.Erasure;

/// <summary>The field of 256 elements with x^8 + x^4 + x^3 + x^2 + 1, and its products as tables for vectors.</summary>
/// <remarks>Tables are indexed by public numbers only: coefficients depend on which fragments there are.</remarks>
internal static class GaloisField
{
    /// <summary>Bytes of a coefficient in <see cref="Matrices"/>: 8.</summary>
    public const int MatrixSize = sizeof(ulong);

    /// <summary>Bytes of a coefficient in <see cref="Nibbles"/>: 32.</summary>
    public const int NibblesSize = 2 * NibbleCount;

    private const int Polynomial = 0x11d;
    private const int Order = 255;
    private const int NibbleCount = 16;
    private const int BitCount = 8;

    private static readonly byte[] Exponentials = MakeExponentials();
    private static readonly byte[] Logarithms = MakeLogarithms();

    /// <summary>For each coefficient the 8 x 8 bit matrix that multiplies by it, as GF2P8AFFINEQB takes it.</summary>
    public static byte[] Matrices { get; } = MakeMatrices();

    /// <summary>For each coefficient its products with 0 to 15, then those with 0, 16, 32 to 240.</summary>
    public static byte[] Nibbles { get; } = MakeNibbles();

    /// <summary>The product.</summary>
    public static byte Multiply(byte left, byte right) => left == 0 || right == 0
        ? (byte)0
        : Exponentials[Logarithms[left] + Logarithms[right]];

    /// <summary>The inverse.</summary>
    /// <param name="value">Not 0.</param>
    public static byte Inverse(byte value)
    {
        ArgumentOutOfRangeException.ThrowIfZero(value);
        return Exponentials[Order - Logarithms[value]];
    }

    // Twice the powers, so that a sum of two logarithms needs no reduction.
    private static byte[] MakeExponentials()
    {
        byte[] table = new byte[(2 * Order) + 1];
        int power = 1;
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (byte)power;
            power <<= 1;
            power = power > byte.MaxValue ? power ^ Polynomial : power;
        }

        return table;
    }

    private static byte[] MakeLogarithms()
    {
        byte[] table = new byte[Order + 1];
        for (int i = 0; i < Order; i++)
        {
            table[Exponentials[i]] = (byte)i;
        }

        return table;
    }

    // Bit i of the product is the parity of the input and byte 7 - i of the matrix.
    private static byte[] MakeMatrices()
    {
        byte[] table = new byte[(Order + 1) * MatrixSize];
        for (int coefficient = 0; coefficient <= Order; coefficient++)
        {
            for (int inputBit = 0; inputBit < BitCount; inputBit++)
            {
                byte product = Multiply((byte)coefficient, (byte)(1 << inputBit));
                for (int outputBit = 0; outputBit < BitCount; outputBit++)
                {
                    int bit = (product >> outputBit) & 1;
                    table[(coefficient * MatrixSize) + BitCount - 1 - outputBit] |= (byte)(bit << inputBit);
                }
            }
        }

        return table;
    }

    private static byte[] MakeNibbles()
    {
        byte[] table = new byte[(Order + 1) * NibblesSize];
        for (int coefficient = 0; coefficient <= Order; coefficient++)
        {
            Span<byte> low = table.AsSpan(coefficient * NibblesSize, NibblesSize);
            for (int nibble = 0; nibble < NibbleCount; nibble++)
            {
                low[nibble] = Multiply((byte)coefficient, (byte)nibble);
                low[NibbleCount + nibble] = Multiply((byte)coefficient, (byte)(nibble << 4));
            }
        }

        return table;
    }
}
