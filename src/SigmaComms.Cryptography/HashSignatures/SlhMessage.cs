namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>A message with what is put before it, so that the two need not be joined.</summary>
/// <standard>FIPS 205, algorithms 22 to 25: M'.</standard>
internal readonly ref struct SlhMessage
{
    /// <summary>A message as it is hashed.</summary>
    /// <param name="prefix">Domain, context and identifier; none at the standard's internal interface.</param>
    /// <param name="body">The message, or its hash.</param>
    public SlhMessage(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body)
    {
        Prefix = prefix;
        Body = body;
    }

    /// <summary>What comes first.</summary>
    public ReadOnlySpan<byte> Prefix { get; }

    /// <summary>What comes then.</summary>
    public ReadOnlySpan<byte> Body { get; }
}
