namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of SLH-DSA with SHA-2: many blocks side by side.</summary>
/// <remarks>The first block holds PK.seed only, so it is hashed once for each key.</remarks>
/// <standard>FIPS 205, sections 11.2.1 and 11.2.2.</standard>
internal sealed class SlhSha2Hash : SlhHash
{
    private readonly SlhSha256 _narrow;
    private readonly SlhSha512? _wide;

    /// <summary>The hashes of a key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicSeed">PK.seed.</param>
    /// <param name="secretSeed">SK.seed, or nothing to verify.</param>
    public SlhSha2Hash(SlhParameters set, ReadOnlySpan<byte> publicSeed, ReadOnlySpan<byte> secretSeed)
        : base(set)
    {
        _narrow = new SlhSha256(set, publicSeed, secretSeed);
        _wide = set.HashSize == 16 ? null : new SlhSha512(set, publicSeed);
    }

    /// <inheritdoc/>
    public override void DeriveSecrets(ReadOnlySpan<SlhAddress> places, Span<byte> secrets) =>
        _narrow.DeriveSecrets(places, secrets);

    /// <inheritdoc/>
    public override void HashRows(
        ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, Span<byte> hashes)
    {
        // Section 11.2.2: above 128 bits only hashes of one value are by SHA-256.
        if (_wide is null || rows.Length == places.Length * Set.HashSize)
        {
            _narrow.HashRows(places, rows, hashes);
        }
        else
        {
            _wide.HashRows(places, rows, hashes);
        }
    }

    /// <inheritdoc/>
    public override void RunChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> keep, Span<byte> ends, Span<byte> kept) =>
        _narrow.RunChains(chains, keep, ends, kept);

    /// <inheritdoc/>
    public override void FinishChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> steps, Span<byte> values) =>
        _narrow.FinishChains(chains, steps, values);

    /// <inheritdoc/>
    public override void Randomize(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> randomness, SlhMessage message, Span<byte> randomizer) =>
        SlhSha2Message.Randomize(Set, secret, randomness, message, randomizer);

    /// <inheritdoc/>
    public override void Digest(
        ReadOnlySpan<byte> randomizer, ReadOnlySpan<byte> publicKey, SlhMessage message, Span<byte> digest) =>
        SlhSha2Message.Digest(Set, randomizer, publicKey, message, digest);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _narrow.Dispose();
        _wide?.Dispose();
    }
}
