using SigmaComms.Cluster.Storage.Volumes;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class FreeExtentsTests
{
    private const int Blocks = 512;

    [Fact]
    public void Random_takes_and_returns_never_overlap_and_lose_nothing()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            FreeExtents free = new();
            free.Add(1, Blocks);
            List<(int Start, int Count)> taken = [];
            bool[] isTaken = new bool[Blocks + 2];
            for (int step = 0; step < 300; step++)
            {
                if (random.Next(3) > 0)
                {
                    int wanted = random.Next(1, 40);
                    int start = free.Take(wanted, isPartEnough: false, out int count);
                    Assert.True(start >= 0 || LongestGap(isTaken) < wanted, $"seed {seed} step {step}");
                    if (start >= 0)
                    {
                        Assert.Equal(wanted, count);
                        Assert.DoesNotContain(true, isTaken[start..(start + count)]);
                        isTaken.AsSpan(start, count).Fill(true);
                        taken.Add((start, count));
                    }
                }
                else if (taken.Count > 0)
                {
                    (int start, int count) = taken[random.Next(taken.Count)];
                    taken.Remove((start, count));
                    isTaken.AsSpan(start, count).Clear();
                    free.Add(start, count);
                }

                Assert.Equal(Blocks - taken.Sum(extent => extent.Count), free.Blocks);
            }

            taken.ForEach(extent => free.Add(extent.Start, extent.Count));
            Assert.Equal(1, free.Take(Blocks, isPartEnough: false, out _));
        }
    }

    [Fact]
    public void A_part_is_given_if_that_is_enough_and_nothing_if_there_is_nothing()
    {
        FreeExtents free = new();
        free.Add(10, 3);
        free.Add(20, 5);

        int part = free.Take(8, isPartEnough: true, out int taken);
        int whole = free.Take(8, isPartEnough: false, out int none);

        Assert.Equal((20, 5), (part, taken));
        Assert.Equal((-1, 0), (whole, none));
        Assert.Equal(3, free.Blocks);
    }

    private static int LongestGap(bool[] isTaken)
    {
        int longest = 0;
        int gap = 0;
        for (int block = 1; block <= Blocks; block++)
        {
            gap = isTaken[block] ? 0 : gap + 1;
            longest = Math.Max(longest, gap);
        }

        return longest;
    }
}
