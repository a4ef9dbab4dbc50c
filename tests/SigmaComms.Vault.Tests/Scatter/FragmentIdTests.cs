using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Vault.Tests.Scatter;

public sealed class FragmentIdTests
{
    // HMAC-SHA-256 of the label, the stripe's bytes 00..0f and 03, computed by another program.
    [Fact]
    public void An_id_is_the_HMAC_of_stripe_and_index()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        StripeId stripe = new([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);

        FragmentId id = FragmentId.Of(key, stripe, 3);

        Assert.Equal("85c0efd8454c4dac9a6916b37437cc5d98b27cab6de92298978af4bf7b580175", id.ToString());
    }

    [Fact]
    public void Ids_of_keys_stripes_and_indices_never_meet_and_look_random()
    {
        int[] counts = new int[256];
        HashSet<FragmentId> seen = [];
        byte[] key = new byte[32];
        byte[] stripe = new byte[16];
        byte[] bytes = new byte[32];
        for (int run = 0; run < 2_000; run++)
        {
            key[0] = (byte)(run % 2);
            BitConverter.TryWriteBytes(stripe, run / 2);
            foreach (FragmentId id in FragmentId.All(key, new StripeId(stripe), 6))
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

    [Fact]
    public void Wrong_keys_and_indices_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FragmentId.Of(new byte[31], default, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentId.Of(new byte[32], default, 255));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentId.Of(new byte[32], default, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentId.All(new byte[32], default, 0));
    }

    [Fact]
    public void Ids_sort_by_their_bytes()
    {
        FragmentId low = new(new Digest([.. Enumerable.Repeat((byte)1, 32)]));
        FragmentId high = new(new Digest([.. Enumerable.Repeat((byte)2, 32)]));

        Assert.True(low < high && high > low && low <= high && high >= low);
    }
}
