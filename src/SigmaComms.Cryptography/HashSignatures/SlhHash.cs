namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of one key, many at a time.</summary>
/// <remarks>Time and memory access do not depend on secrets. Not safe for use from two threads at once.</remarks>
/// <standard>FIPS 205, section 4.1; section 11.1 for SHAKE and 11.2 for SHA-2.</standard>
internal abstract class SlhHash : IDisposable
{
    /// <summary>How many hashes to ask for at once; more are done, but not faster.</summary>
    public const int GroupSize = 16;

    /// <summary>The last step of a chain.</summary>
    public const int ChainEnd = 15;

    /// <summary>In the place of a step to keep: keeps none.</summary>
    public const int KeepNone = -1;

    /// <summary>Ties the hashes to a parameter set.</summary>
    protected SlhHash(SlhParameters set)
    {
        Set = set;
    }

    /// <summary>The parameter set.</summary>
    public SlhParameters Set { get; }

    /// <summary>The hashes of a key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicSeed">PK.seed.</param>
    /// <param name="secretSeed">SK.seed, or nothing to verify.</param>
    public static SlhHash Create(
        SlhParameters set, ReadOnlySpan<byte> publicSeed, ReadOnlySpan<byte> secretSeed) =>
        set.IsShake
            ? new SlhShakeHash(set, publicSeed, secretSeed)
            : new SlhSha2Hash(set, publicSeed, secretSeed);

    /// <summary>PRF: secrets of their places.</summary>
    /// <param name="places">The places.</param>
    /// <param name="secrets">Receives a row of n bytes for each place.</param>
    public abstract void DeriveSecrets(ReadOnlySpan<SlhAddress> places, Span<byte> secrets);

    /// <summary>F, H or T: a hash of each row, whatever its size.</summary>
    /// <param name="places">The places.</param>
    /// <param name="rows">One row for each place, all of the same size.</param>
    /// <param name="hashes">Receives n bytes for each row; may begin where the rows begin.</param>
    public abstract void HashRows(
        ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, Span<byte> hashes);

    /// <summary>Derives the secrets of chains and runs the chains to their ends. Algorithms 5 and 6.</summary>
    /// <param name="chains">The chains, as places of type <see cref="SlhAddressType.Chain"/>.</param>
    /// <param name="keep">For each chain the step whose value to keep, or <see cref="KeepNone"/>.</param>
    /// <param name="ends">Receives a row of n bytes for each chain.</param>
    /// <param name="kept">Receives a row of n bytes for each chain; of no meaning where none is kept.</param>
    public abstract void RunChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> keep, Span<byte> ends, Span<byte> kept);

    /// <summary>Runs chains from where their values are to their ends. Algorithm 8.</summary>
    /// <param name="chains">The chains, as places of type <see cref="SlhAddressType.Chain"/>.</param>
    /// <param name="steps">For each chain the step that its value is at; public.</param>
    /// <param name="values">A row of n bytes for each chain; replaced by its end.</param>
    public abstract void FinishChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> steps, Span<byte> values);

    /// <summary>PRF_msg: what makes the digest of a message unpredictable.</summary>
    /// <param name="secret">SK.prf.</param>
    /// <param name="randomness">opt_rand: n bytes.</param>
    /// <param name="message">The message.</param>
    /// <param name="randomizer">Receives n bytes, which are part of the signature.</param>
    public abstract void Randomize(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> randomness, SlhMessage message, Span<byte> randomizer);

    /// <summary>H_msg: the digest of a message.</summary>
    /// <param name="randomizer">R.</param>
    /// <param name="publicKey">PK.seed and PK.root.</param>
    /// <param name="message">The message.</param>
    /// <param name="digest">Receives m bytes.</param>
    public abstract void Digest(
        ReadOnlySpan<byte> randomizer, ReadOnlySpan<byte> publicKey, SlhMessage message, Span<byte> digest);

    /// <summary>Zeroes all secrets. May be called twice.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroes all secrets.</summary>
    protected abstract void Dispose(bool disposing);
}
