namespace SigmaComms.Vault.Erasure;

/// <summary>
/// The rows that make parity out of data: 1 / (i XOR j) for parity fragment i, counted from k, and data fragment j.
/// Every square part of such a matrix can be inverted, so that any k fragments are enough.
/// </summary>
internal static class CauchyMatrix
{
    /// <summary>One coefficient.</summary>
    /// <param name="parity">The fragment's index, k to k + m - 1.</param>
    /// <param name="data">The fragment's index, 0 to k - 1.</param>
    public static byte Coefficient(int parity, int data) => GaloisField.Inverse((byte)(parity ^ data));

    /// <summary>The inverse of the square part that some parity rows and as many data columns make.</summary>
    /// <param name="parities">The rows.</param>
    /// <param name="data">As many columns.</param>
    public static byte[] InverseOfPart(ReadOnlySpan<int> parities, ReadOnlySpan<int> data)
    {
        int size = parities.Length;
        byte[] matrix = new byte[size * size];
        byte[] inverse = new byte[size * size];
        for (int row = 0; row < size; row++)
        {
            inverse[(row * size) + row] = 1;
            for (int column = 0; column < size; column++)
            {
                matrix[(row * size) + column] = Coefficient(parities[row], data[column]);
            }
        }

        for (int pivot = 0; pivot < size; pivot++)
        {
            Eliminate(matrix, inverse, size, pivot);
        }

        return inverse;
    }

    // No rows are exchanged: the leading parts of a Cauchy matrix are Cauchy matrices, so that no pivot becomes zero.
    private static void Eliminate(byte[] matrix, byte[] inverse, int size, int pivot)
    {
        Cryptography.Invariant.Holds(matrix[(pivot * size) + pivot] != 0);
        byte scale = GaloisField.Inverse(matrix[(pivot * size) + pivot]);
        Span<byte> pivotRow = matrix.AsSpan(pivot * size, size);
        Span<byte> inverseRow = inverse.AsSpan(pivot * size, size);
        Scale(pivotRow, scale);
        Scale(inverseRow, scale);
        for (int row = 0; row < size; row++)
        {
            byte factor = matrix[(row * size) + pivot];
            if (row != pivot && factor != 0)
            {
                AddProduct(matrix.AsSpan(row * size, size), pivotRow, factor);
                AddProduct(inverse.AsSpan(row * size, size), inverseRow, factor);
            }
        }
    }

    private static void Scale(Span<byte> row, byte factor)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = GaloisField.Multiply(row[i], factor);
        }
    }

    private static void AddProduct(Span<byte> sum, ReadOnlySpan<byte> row, byte factor)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] ^= GaloisField.Multiply(row[i], factor);
        }
    }
}
