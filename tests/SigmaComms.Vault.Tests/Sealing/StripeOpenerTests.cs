using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

/// <summary>What is wrong is refused, before it is used.</summary>
public sealed class StripeOpenerTests
{
    [Fact]
    public void A_flipped_bit_anywhere_in_a_fragment_keeps_it_out()
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 1, 300);
        byte[] room = new byte[stripe.Stripe.Length];
        using StripeAssembly assembly = new(stripe.Entry, room);
        for (int index = 0; index < 3; index++)
        {
            byte[] fragment = [.. stripe.Fragments[index]];
            for (int bit = 0; bit < fragment.Length * 8; bit++)
            {
                fragment[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(assembly.TryAccept(index, fragment));
                fragment[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.Equal(2, assembly.Needed);
        Assert.All(room, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Another_fragment_or_length_is_kept_out_and_the_right_one_counts_once()
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 1, 300);
        using StripeAssembly assembly = new(stripe.Entry, new byte[stripe.Stripe.Length]);

        Assert.False(assembly.TryAccept(0, stripe.Fragments[1]));
        Assert.False(assembly.TryAccept(0, stripe.Fragments[0].AsSpan(1)));
        Assert.False(assembly.TryAccept(0, []));
        Assert.True(assembly.TryAccept(0, stripe.Fragments[0]));
        Assert.True(assembly.TryAccept(0, stripe.Fragments[0]));
        Assert.Equal(1, assembly.Needed);
        Assert.True(assembly.Has(0));
        Assert.False(assembly.Has(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => assembly.TryAccept(3, stripe.Fragments[0]));
    }

    [Fact]
    public void Another_key_or_vault_is_refused_and_leaves_zeros()
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 1, 5000);
        byte[] otherKey = [.. SealedStripe.ContentKey];
        otherKey[31] ^= 1;

        var byKey = SealedStripe.Open(stripe.Entry, stripe.Only(0, 1), otherKey);
        var byVault = SealedStripe.Open(stripe.Entry, stripe.Only(1, 2), null, Digest.Sha256("other"u8));

        Assert.Equal(StripeOpening.Refused, byKey.Outcome);
        Assert.Equal(StripeOpening.Refused, byVault.Outcome);
        Assert.Empty(byKey.Plaintext);
        Assert.Equal(-1, byKey.Room.AsSpan(0, stripe.Entry.Layout.BodyLength).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1)] // stripe id
    [InlineData(20)] // plaintext length, within the same bucket
    [InlineData(23)] // sealed key
    [InlineData(55)] // tag
    public void An_entry_with_a_changed_field_opens_nothing(int at)
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 1, 5000);
        byte[] bytes = stripe.Entry.Encoded.ToArray();
        bytes[at] ^= 1;
        Assert.True(StripeEntry.TryDecode(bytes, out StripeEntry? changed));

        var opened = SealedStripe.Open(changed, stripe.Only(0, 1));

        Assert.Equal(StripeOpening.Refused, opened.Outcome);
    }

    [Fact]
    public void Parity_that_its_writer_made_of_something_else_is_noticed()
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 1, 5000);
        byte[] forged = new byte[stripe.Fragments[2].Length];
        Random.Shared.NextBytes(forged);
        StripeEntry entry = new(
            stripe.Entry.Stripe,
            stripe.Entry.Layout,
            stripe.Entry.SealedKey,
            stripe.Entry.Tag,
            [stripe.Entry.Root(0), stripe.Entry.Root(1), FragmentTree.RootOf(forged)]);

        var opened = SealedStripe.Open(entry, [(1, stripe.Fragments[1]), (2, forged)]);

        Assert.Equal(StripeOpening.Inconsistent, opened.Outcome);
        Assert.Empty(opened.Plaintext);
    }

    [Fact]
    public void Each_block_of_the_body_changes_the_lock()
    {
        byte[] digests = new byte[6 * 32];
        Random.Shared.NextBytes(digests);
        byte[] locked = Locked(digests);
        for (int block = 0; block < 6; block++)
        {
            byte[] changed = [.. digests];
            changed[block * 32] ^= 1;

            Assert.NotEqual(locked, Locked(changed));
        }
    }

    // The roots stand in the entry. If they led to the lock, key and entry would be enough and no fragment needed.
    [Fact]
    public void The_lock_does_not_follow_from_the_roots_even_of_fragments_of_one_block()
    {
        SealedStripe stripe = SealedStripe.OfRandom(2, 0, 100);
        byte[] digests = new byte[32];
        FragmentTree.HashBlocks(stripe.Fragments[0], digests);

        Assert.NotEqual(stripe.Entry.Root(0).ToArray(), digests);
        Assert.NotEqual(
            Locked([.. digests, .. digests]),
            Locked([.. stripe.Entry.Root(0).ToArray(), .. stripe.Entry.Root(0).ToArray()]));
    }

    private static byte[] Locked(byte[] digests)
    {
        byte[] key = new byte[32];
        StripePackage.ApplyLock(SealedStripe.ContentKey, SealedStripe.Vault, default, digests, key);
        return key;
    }
}
