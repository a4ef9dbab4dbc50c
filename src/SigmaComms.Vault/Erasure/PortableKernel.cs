namespace SigmaComms.Vault.Erasure;

/// <summary>Sums of products byte by byte; what the vector kernels are measured by.</summary>
internal sealed class PortableKernel : GaloisKernel
{
    private const int LowNibble = 0x0f;
    private const int NibbleBits = 4;

    /// <inheritdoc/>
    public override string Name => "portable";

    /// <inheritdoc/>
    internal override void Run(Combination combination, Span<byte> stripe, int fragmentLength, int from)
    {
        int columns = combination.Sources.Length;
        for (int row = 0; row < combination.Targets.Length; row++)
        {
            Span<byte> target = stripe.Slice(combination.Targets[row] * fragmentLength, fragmentLength)[from..];
            target.Clear();
            for (int column = 0; column < columns; column++)
            {
                Span<byte> source = stripe.Slice(combination.Sources[column] * fragmentLength, fragmentLength)[from..];
                AddProduct(target, source, combination.Coefficients[(row * columns) + column]);
            }
        }
    }

    private static void AddProduct(Span<byte> sum, ReadOnlySpan<byte> value, byte coefficient)
    {
        ReadOnlySpan<byte> products =
            GaloisField.Nibbles.AsSpan(coefficient * GaloisField.NibblesSize, GaloisField.NibblesSize);
        ReadOnlySpan<byte> low = products[..(LowNibble + 1)];
        ReadOnlySpan<byte> high = products[(LowNibble + 1)..];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] ^= (byte)(low[value[i] & LowNibble] ^ high[value[i] >> NibbleBits]);
        }
    }
}
