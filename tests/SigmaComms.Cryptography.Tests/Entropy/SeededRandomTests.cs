using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cryptography.Tests.Entropy;

public sealed class SeededRandomTests
{
    [Fact]
    public void A_seed_repeats_its_bytes_however_they_are_cut()
    {
        byte[] expected = new SeededRandom(42).Bytes(5000);

        SeededRandom random = new(42);
        List<byte> pieces = [];
        for (int size = 0; pieces.Count < 5000; size++)
        {
            pieces.AddRange(random.Bytes(Math.Min(size, 5000 - pieces.Count)));
        }

        Assert.Equal(expected, pieces);
        Assert.NotEqual(expected, new SeededRandom(43).Bytes(5000));
    }

    [Fact]
    public void Numbers_stay_below_their_limit()
    {
        SeededRandom random = new(44);

        Assert.All(Enumerable.Range(1, 1000), limit => Assert.InRange(random.Below(limit), 0, limit - 1));
        Assert.ThrowsAny<ArgumentException>(() => random.Below(0));
    }

    [Fact]
    public void The_system_source_fills_the_whole_span_anew_each_time()
    {
        byte[] first = new byte[4096];
        byte[] second = new byte[4096];

        SystemRandom.Instance.Fill(first);
        SystemRandom.Instance.Fill(second);

        Assert.NotEqual(first, second);

        // A run of 16 zero bytes would mean that a part was not filled; by chance it comes once in 2^116.
        Assert.Equal(-1, first.AsSpan().IndexOf(new byte[16]));
    }
}
