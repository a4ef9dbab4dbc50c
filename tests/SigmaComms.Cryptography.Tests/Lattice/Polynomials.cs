namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>Products of polynomials by the school's method.</summary>
internal static class Polynomials
{
    /// <summary>Random coefficients below the limit; in run 0 all are the largest, in run 1 zero.</summary>
    public static uint[] Random(SeededRandom random, int count, uint limit, int run)
    {
        uint[] coefficients = new uint[count];
        byte[] bytes = random.Bytes(count * sizeof(uint));
        for (int i = 0; i < count; i++)
        {
            uint any = BitConverter.ToUInt32(bytes, i * sizeof(uint)) % limit;
            coefficients[i] = run switch
            {
                0 => limit - 1,
                1 => 0,
                _ => any,
            };
        }

        return coefficients;
    }

    public static uint[] Multiply(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, uint modulus)
    {
        long[] sums = new long[256];
        for (int i = 0; i < 256; i++)
        {
            for (int j = 0; j < 256; j++)
            {
                long product = (long)((ulong)left[i] * right[j] % modulus);
                sums[(i + j) % 256] += i + j < 256 ? product : -product;
            }
        }

        return Array.ConvertAll(sums, sum => (uint)(((sum % modulus) + modulus) % modulus));
    }
}
