using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Scatter;

/// <summary>The keys of one epoch of a vault that its stripes need: to lock them and to name their fragments.</summary>
/// <remarks>Safe to call from any thread; not together with <see cref="Dispose"/>.</remarks>
public sealed class StripeKeys : IDisposable
{
    /// <summary>Size of a placement key: 32 bytes.</summary>
    public const int PlacementKeySize = 32;

    private readonly SecretBytes _content;
    private readonly SecretBytes _placement;

    /// <summary>Copies two keys.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="contentKey">32 secret bytes.</param>
    /// <param name="placementKey">32 secret bytes.</param>
    /// <exception cref="ArgumentException">A key has the wrong length.</exception>
    public StripeKeys(Digest vault, ReadOnlySpan<byte> contentKey, ReadOnlySpan<byte> placementKey)
    {
        if (placementKey.Length != PlacementKeySize)
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
    public FragmentId[] Name(StripeEntry entry) => [.. LabelOf(entry).Siblings.Select(static sibling => sibling.Id)];

    /// <summary>The label of a stripe's first fragment, from which those of all others follow.</summary>
    /// <param name="entry">The stripe's entry.</param>
    public FragmentLabel LabelOf(StripeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Digest[] roots = new Digest[entry.Fragments];
        for (int i = 0; i < roots.Length; i++)
        {
            roots[i] = entry.Root(i);
        }

        return new FragmentLabel(
            Vault, entry.Stripe, entry.DataFragments, 0, entry.Layout.FragmentLength, AddressOf(entry.Stripe), roots);
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

    private Digest AddressOf(StripeId stripe)
    {
        ReadOnlySpan<byte> label = "sigma vault stripe 2"u8;
        Span<byte> message = stackalloc byte[label.Length + StripeId.SizeBytes];
        label.CopyTo(message);
        stripe.CopyTo(message[label.Length..]);
        Span<byte> mac = stackalloc byte[Digest.SizeBytes];
        HMACSHA256.HashData(_placement.Span, message, mac);
        return new Digest(mac);
    }
}
