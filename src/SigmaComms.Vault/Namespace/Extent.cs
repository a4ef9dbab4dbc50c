namespace SigmaComms.Vault.Namespace;

/// <summary>A range of a file and where in a stripe its bytes are.</summary>
internal readonly record struct Extent(long Offset, int Length, int StripeOffset, StripeRecord Stripe)
{
    /// <summary>The first byte after it.</summary>
    public long End => Offset + Length;

    /// <summary>The part of it before a byte.</summary>
    public Extent Before(long offset) => this with { Length = (int)(offset - Offset) };

    /// <summary>The part of it from a byte on.</summary>
    public Extent From(long offset)
    {
        int skipped = (int)(offset - Offset);
        return new Extent(offset, Length - skipped, StripeOffset + skipped, Stripe);
    }
}
