using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class FragmentIdTests
{
    [Fact]
    public void Ids_of_keys_vaults_stripes_and_indices_never_meet_and_look_random()
    {
        int[] counts = new int[256];
        HashSet<FragmentId> seen = [];
        byte[] key = new byte[32];
        byte[] vault = new byte[32];
        byte[] stripe = new byte[16];
        byte[] bytes = new byte[32];
        for (int run = 0; run < 2_000; run++)
        {
            key[0] = (byte)(run % 2);
            vault[0] = (byte)(run / 2 % 2);
            BitConverter.TryWriteBytes(stripe, run / 4);
            foreach (FragmentId id in NamesOf(new Digest(vault), key, stripe))
            {
                Assert.True(seen.Add(id));
                id.Value.CopyTo(bytes);
                foreach (byte value in bytes)
                {
                    counts[value]++;
                }
            }
        }

        // 255 degrees of freedom: above 351 by chance once in 30,000 runs of other inputs; these inputs are fixed.
        double expected = counts.Sum() / 256.0;
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, 150, 351);
    }

    // By docs/formats/vault-stripe.md, computed by another program.
    [Fact]
    public void An_id_follows_from_key_vault_stripe_and_roots()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] stripe = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

        FragmentId id = NamesOf(Digest.Sha256("vault"u8), key, stripe)[3];

        Assert.Equal("42f41332e8c69a14c72e6b16eb5eb22551bba464278ef85ead3c14a3e82f160e", id.ToString());
    }

    [Fact]
    public void Ids_sort_by_their_bytes()
    {
        FragmentId low = new(new Digest([.. Enumerable.Repeat((byte)1, 32)]));
        FragmentId high = new(new Digest([.. Enumerable.Repeat((byte)2, 32)]));

        Assert.True(low < high && high > low && low <= high && high >= low);
    }

    private static FragmentId[] NamesOf(Digest vault, byte[] placementKey, byte[] stripe)
    {
        using StripeKeys keys = new(vault, new byte[32], placementKey);
        Digest[] roots = [.. Enumerable.Range(0, 6).Select(i => Digest.Sha256([(byte)i]))];
        return keys.Name(new StripeEntry(
            new StripeId(stripe), new StripeLayout(100_000, 4, 2), new byte[32], new byte[16], roots));
    }
}
