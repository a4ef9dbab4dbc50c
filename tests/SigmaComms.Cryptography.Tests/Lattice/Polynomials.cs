namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>Products of polynomials by the school's method.</summary>
internal static class Polynomials
{
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
