using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

/// <summary>A stripe of random plaintext with its fragments apart.</summary>
internal sealed class SealedStripe
{
    public static readonly Digest Vault = Digest.Sha256("vault"u8);
    public static readonly byte[] ContentKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public SealedStripe(int data, int parity, byte[] plaintext, IRandomSource? random = null)
    {
        using StripeSealer sealer = new(Vault, ContentKey, data, parity);
        StripeLayout layout = sealer.LayoutOf(plaintext.Length);
        Stripe = new byte[layout.StripeLength];
        Plaintext = plaintext;
        Entry = sealer.Seal(plaintext, Stripe, random ?? SystemRandom.Instance);
        Fragments = [.. Stripe.Chunk(layout.FragmentLength)];
    }

    public byte[] Plaintext { get; }

    public byte[] Stripe { get; }

    public StripeEntry Entry { get; }

    public byte[][] Fragments { get; }

    public static SealedStripe OfRandom(int data, int parity, int length)
    {
        byte[] plaintext = new byte[length];
        Random.Shared.NextBytes(plaintext);
        return new SealedStripe(data, parity, plaintext);
    }

    public static (StripeOpening Outcome, byte[] Plaintext, byte[] Room) Open(
        StripeEntry entry,
        IEnumerable<(int Index, byte[] Bytes)> fragments,
        byte[]? contentKey = null,
        Digest? vault = null)
    {
        byte[] room = new byte[entry.Layout.StripeLength];
        using StripeAssembly assembly = new(entry, room);
        foreach ((int index, byte[] bytes) in fragments)
        {
            Assert.True(assembly.TryAccept(index, bytes));
        }

        using StripeOpener opener = new(vault ?? Vault, contentKey ?? ContentKey);
        StripeOpening outcome = opener.Open(assembly, out ReadOnlySpan<byte> plaintext);
        return (outcome, plaintext.ToArray(), room);
    }

    public IEnumerable<(int Index, byte[] Bytes)> Only(params int[] indices) =>
        indices.Select(index => (index, Fragments[index]));

    public IEnumerable<(int Index, byte[] Bytes)> Of(uint mask) =>
        Only([.. Enumerable.Range(0, Fragments.Length).Where(i => (mask >> i & 1) != 0)]);
}
