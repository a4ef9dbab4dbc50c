using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;

namespace SigmaComms.Cluster.Tests.Storage;

public sealed class VolumeSpaceTests
{
    private const int Block = VolumeLayout.BlockSize;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Room_that_is_given_back_twice_is_a_broken_invariant_and_nobodys(bool isWritten)
    {
        VolumeSpace space = new(1, 16 * Block, isFilled: false, []);
        FragmentPlace place = space.Take(2 * Block)!.Value;
        space.Free(place);

        Assert.Throws<InvalidOperationException>(() => GiveBack(space, place, isWritten));

        Assert.Equal(14 * Block, space.FreeBytes);
    }

    [Fact]
    public void Room_that_overlaps_what_is_free_or_is_somebody_elses_in_part_is_not_taken_back()
    {
        VolumeSpace space = new(1, 16 * Block, isFilled: true, []);
        FragmentPlace first = space.Take(Block)!.Value;
        FragmentPlace second = space.Take(3 * Block)!.Value;
        space.Free(second);

        Assert.Throws<InvalidOperationException>(() => space.Free(first with { SizeBytes = 2 * Block }));
        Assert.Throws<InvalidOperationException>(
            () => space.Free(second with { Offset = second.Offset + Block, SizeBytes = Block }));
    }

    [Fact]
    public void Random_takes_and_frees_never_give_a_block_to_two()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        VolumeSpace space = new(1, 200 * Block, isFilled: false, [new FragmentPlace(1, 7 * Block, 5 * Block)]);
        HashSet<long> used = [.. Enumerable.Range(7, 5).Select(i => (long)i)];
        List<FragmentPlace> taken = [];
        for (int step = 0; step < 5_000; step++)
        {
            bool takes = random.Next(5) < 3;
            FragmentPlace? next = !takes ? null
                : random.Next(4) == 0 ? space.TakeRaw(random.Next(1, 9) * Block)
                : space.Take(random.Next(1, 9) * Block);
            if (next is { } place)
            {
                Assert.All(BlocksOf(place), block => Assert.True(used.Add(block), $"seed {seed}, step {step}"));
                taken.Add(place);
            }
            else if (taken.Count > 0)
            {
                FragmentPlace given = taken[random.Next(taken.Count)];
                taken.Remove(given);
                used.ExceptWith(BlocksOf(given));
                GiveBack(space, given, isWritten: random.Next(2) == 0);
            }

            Assert.Equal((198 - used.Count) * Block, space.FreeBytes);
        }
    }

    private static void GiveBack(VolumeSpace space, FragmentPlace place, bool isWritten)
    {
        if (isWritten)
        {
            space.Free(place);
        }
        else
        {
            space.FreeRaw(place);
        }
    }

    private static IEnumerable<long> BlocksOf(FragmentPlace place) =>
        Enumerable.Range(0, place.SizeBytes / Block).Select(i => (place.Offset / Block) + i);
}
