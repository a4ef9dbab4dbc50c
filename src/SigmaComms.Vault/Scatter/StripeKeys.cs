using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>The keys of one epoch of a vault that its stripes need: to lock them and to name their fragments.</summary>
/// <remarks>Safe to call from any thread; not together with <see cref="Dispose"/>.</remarks>
public sealed class StripeKeys : IDisposable
{
    private readonly SecretBytes _content;
    private readonly SecretBytes _placement;

    /// <summary>Copies two keys.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="contentKey">32 secret bytes.</param>
    /// <param name="placementKey">32 secret bytes.</param>
    /// <exception cref="ArgumentException">A key has the wrong length.</exception>
    public StripeKeys(Digest vault, ReadOnlySpan<byte> contentKey, ReadOnlySpan<byte> placementKey)
    {
        if (placementKey.Length != FragmentId.PlacementKeySize)
        {
            throw new ArgumentException("A placement key has 32 bytes.", nameof(placementKey));
        }

        Opener = new StripeOpener(vault, contentKey);
        Vault = vault;
        _content = new SecretBytes(contentKey);
        _placement = new SecretBytes(placementKey);
    }

    /// <summary>The vault's id.</summary>
    public Digest Vault { get; }

    /// <summary>Opens stripes of this epoch.</summary>
    public StripeOpener Opener { get; }

    /// <summary>Takes the keys of an epoch.</summary>
    /// <param name="ring">The vault's keys.</param>
    /// <param name="epoch">1 to the ring's newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch.</exception>
    public static StripeKeys Of(VaultKeyring ring, int epoch)
    {
        ArgumentNullException.ThrowIfNull(ring);
        using SecretBytes content = ring.Derive(epoch, VaultPurpose.Content);
        using SecretBytes placement = ring.Derive(epoch, VaultPurpose.Placement);
        return new StripeKeys(ring.Vault, content.Span, placement.Span);
    }

    /// <summary>The ids of all fragments of a stripe.</summary>
    /// <param name="entry">The stripe's entry.</param>
    public FragmentId[] Name(StripeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return FragmentId.All(_placement.Span, entry.Stripe, entry.Fragments);
    }

    /// <summary>A sealer of this epoch; the caller disposes it.</summary>
    /// <param name="shape">The vault's shape.</param>
    public StripeSealer MakeSealer(VaultShape shape) =>
        new(Vault, _content.Span, shape.DataFragments, shape.ParityFragments);

    /// <summary>Zeroes the keys. May be called twice.</summary>
    public void Dispose()
    {
        Opener.Dispose();
        _content.Dispose();
        _placement.Dispose();
    }
}
