using System.Numerics;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

public sealed class StripeSealerTests
{
    // tests/golden/vault/stripe.txt was made by another program from docs/specs/vault.md.
    [Theory]
    [InlineData("small", 2, 1, 5000)]
    [InlineData("one block", 1, 0, 1)]
    [InlineData("wide", 5, 3, 100_000)]
    public void A_stripe_is_sealed_as_in_the_golden_file(string name, int data, int parity, int length)
    {
        byte[] plaintext = [.. Enumerable.Range(0, length).Select(i => unchecked((byte)((i * 7) + (i >> 8))))];

        SealedStripe stripe = new(data, parity, plaintext, new CountingRandom(0x80));

        IReadOnlyDictionary<string, byte[]> golden = GoldenFile.Read("stripe.txt");
        ReadOnlySpan<byte> body = stripe.Stripe.AsSpan(0, stripe.Entry.Layout.BodyLength);
        Assert.Equal(golden[$"{name} body"], Digest.Sha256(body).ToArray());
        Assert.Equal(golden[$"{name} entry"], stripe.Entry.Encoded.ToArray());
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0, 4096)]
    [InlineData(1, 1, 3000)]
    [InlineData(2, 1, 70_000)]
    [InlineData(2, 2, 4097)]
    [InlineData(4, 2, 65_536)]
    [InlineData(5, 3, 1)]
    public void Any_k_fragments_open_a_stripe_and_fewer_do_not(int data, int parity, int length)
    {
        SealedStripe stripe = SealedStripe.OfRandom(data, parity, length);
        for (uint mask = 0; mask < 1u << (data + parity); mask++)
        {
            (StripeOpening outcome, byte[] plaintext, _) = SealedStripe.Open(stripe.Entry, stripe.Of(mask));

            bool enough = BitOperations.PopCount(mask) >= data;
            Assert.Equal(enough ? StripeOpening.Opened : StripeOpening.NeedsFragments, outcome);
            Assert.Equal(enough ? stripe.Plaintext : [], plaintext);
        }
    }

    [Theory]
    [InlineData(10, 4, 1 << 20)]
    [InlineData(4, 2, 8 << 20)]
    [InlineData(128, 127, 100_000)]
    public void Large_stripes_come_back_without_their_first_fragments(int data, int parity, int length)
    {
        SealedStripe stripe = SealedStripe.OfRandom(data, parity, length);

        (StripeOpening outcome, byte[] plaintext, _) =
            SealedStripe.Open(stripe.Entry, stripe.Only([.. Enumerable.Range(parity, data)]));

        Assert.Equal(StripeOpening.Opened, outcome);
        Assert.True(stripe.Plaintext.AsSpan().SequenceEqual(plaintext));
    }

    [Fact]
    public void Sealing_in_place_gives_the_same_as_from_elsewhere()
    {
        byte[] plaintext = new byte[10_000];
        Random.Shared.NextBytes(plaintext);
        SealedStripe apart = new(4, 2, plaintext, new CountingRandom(1));
        byte[] stripe = new byte[apart.Stripe.Length];
        plaintext.CopyTo(stripe, 0);
        stripe.AsSpan(plaintext.Length).Fill(0xee);
        using StripeSealer sealer = new(SealedStripe.Vault, SealedStripe.ContentKey, 4, 2);

        StripeEntry entry = sealer.Seal(stripe.AsSpan(0, plaintext.Length), stripe, new CountingRandom(1));

        Assert.Equal(apart.Entry, entry);
        Assert.Equal(apart.Stripe, stripe);
    }

    [Fact]
    public void Stored_bytes_show_neither_plaintext_nor_padding_nor_that_two_files_are_equal()
    {
        byte[] plaintext = new byte[66_000];
        byte[] marker = "a marker nobody may find"u8.ToArray();
        marker.CopyTo(plaintext, 1000);

        SealedStripe first = new(4, 2, plaintext);
        SealedStripe second = new(4, 2, plaintext);

        Assert.Equal(-1, first.Stripe.AsSpan().IndexOf(marker));
        Assert.Equal(-1, first.Stripe.AsSpan().IndexOf(new byte[8]));
        Assert.NotEqual(first.Entry.Stripe, second.Entry.Stripe);
        for (int i = 0; i < first.Fragments.Length; i++)
        {
            Assert.NotEqual(first.Entry.Root(i), second.Entry.Root(i));
            Assert.NotEqual(first.Fragments[i].AsSpan(0, 16).ToArray(), second.Fragments[i].AsSpan(0, 16).ToArray());
        }
    }

    [Fact]
    public void Wrong_sizes_and_use_after_disposal_are_refused()
    {
        StripeSealer sealer = new(SealedStripe.Vault, SealedStripe.ContentKey, 4, 2);
        byte[] stripe = new byte[sealer.LayoutOf(100).StripeLength];

        Assert.Throws<ArgumentException>(() => new StripeSealer(default, new byte[31], 4, 2));
        Assert.Throws<ArgumentException>(() => new StripeSealer(default, new byte[32], 4, 8));
        Assert.Throws<ArgumentException>(() => new StripeOpener(default, new byte[33]));
        Assert.Throws<ArgumentException>(() => sealer.Seal([], stripe, SystemRandom.Instance));
        Assert.Throws<ArgumentException>(() => sealer.Seal(new byte[100], stripe.AsSpan(1), SystemRandom.Instance));
        sealer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sealer.Seal(new byte[100], stripe, SystemRandom.Instance));
    }
}
