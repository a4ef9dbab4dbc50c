using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>What whoever takes the disk of a node sees of its volumes.</summary>
public sealed class VolumeBytesTests
{
    private const string First = "volume-00001";
    private const int VolumeBytes = 4 << 20;
    private const int Features = 6;

    [Fact]
    public async Task Used_and_unused_room_look_random_and_alike()
    {
        (byte[] volume, List<FragmentPlace> places) = await HalfFullVolumeAsync();
        List<byte[]> used = [];
        List<byte[]> unused = [];
        for (int offset = VolumeLayout.BlockSize; offset < VolumeBytes - VolumeLayout.BlockSize;
            offset += VolumeLayout.BlockSize)
        {
            bool isUsed = places.Exists(
                place => offset >= place.Offset && offset < place.Offset + place.SizeBytes);
            (isUsed ? used : unused).Add(volume.AsSpan(offset, VolumeLayout.BlockSize).ToArray());
        }

        Assert.InRange(used.Count, 300, 700);
        Assert.InRange(unused.Count, 300, 700);

        // 255 degrees of freedom: mean 255, deviation 22.6; eight deviations are never left by chance.
        Assert.InRange(ChiSquare(used), 74, 436);
        Assert.InRange(ChiSquare(unused), 74, 436);
        double score = BestScore(used, unused);
        double deviation = 0.5 / Math.Sqrt(Math.Min(used.Count, unused.Count));
        Assert.InRange(score, 0.5 - (5 * deviation), 0.5 + (5 * deviation));
    }

    [Fact]
    public async Task Heads_of_slots_look_like_the_beginnings_of_unused_blocks()
    {
        (byte[] volume, List<FragmentPlace> places) = await HalfFullVolumeAsync();
        long ones = 0;
        foreach (FragmentPlace place in places)
        {
            foreach (byte value in volume.AsSpan((int)place.Offset, 256))
            {
                ones += System.Numerics.BitOperations.PopCount(value);
            }
        }

        double bits = places.Count * 256 * 8;

        Assert.InRange(ones / bits, 0.5 - (3 / Math.Sqrt(bits)), 0.5 + (3 / Math.Sqrt(bits)));
    }

    [Fact]
    public async Task Neither_ids_nor_roots_nor_labels_stand_in_a_volume()
    {
        FaultyDisk disk = new(1);
        await using SimStorage storage = new(disk, new InMemoryFragmentIndex());
        (FragmentLabel label, byte[] bytes) = SimStorage.Fragment(9_024, 1);
        storage.Put((label, bytes));
        storage.System.Advance(TimeSpan.FromSeconds(5));
        WireWriter writer = new();
        label.Write(writer);
        byte[] stripe = new byte[16];
        label.Stripe.CopyTo(stripe);

        byte[] volume = disk.BytesOf(First);

        byte[][] markers =
        [
            label.Vault.ToArray(), stripe, label.Id.Value.ToArray(), label.Root.ToArray(),
            writer.Written[..24].ToArray(), "sigma"u8.ToArray(), "volume"u8.ToArray(),
        ];
        Assert.All(markers, marker => Assert.Equal(-1, volume.AsSpan().IndexOf(marker)));
    }

    [Fact]
    public void Random_filling_differs_each_time_and_has_no_gaps()
    {
        byte[] first = new byte[(2 << 20) + 17];
        byte[] second = new byte[first.Length];

        RandomFill.Fill(SystemRandom.Instance, first);
        RandomFill.Fill(SystemRandom.Instance, second);

        Assert.NotEqual(first, second);
        Assert.InRange(ChiSquare([first]), 74, 436);
        Assert.InRange(first.AsSpan(first.Length - 17).IndexOfAnyExcept((byte)0), 0, 8);
    }

    private static async Task<(byte[] Volume, List<FragmentPlace> Places)> HalfFullVolumeAsync()
    {
        FaultyDisk disk = new(1);
        InMemoryFragmentIndex index = new();
        await using SimStorage storage = new(
            disk, index, options => options.CapacityBytes = options.VolumeBytes = VolumeBytes);
        for (int i = 0; i < 126; i++)
        {
            Assert.Equal(StoreStatus.Done, storage.Put(SimStorage.Fragment(15_040, i)));
        }

        storage.System.Advance(TimeSpan.FromSeconds(10));
        Assert.True(index.Volumes().Single().IsFilled);
        return (disk.BytesOf(First), [.. index.PlacesOf(1)]);
    }

    private static double ChiSquare(IReadOnlyList<byte[]> blocks)
    {
        long[] counts = new long[256];
        foreach (byte[] block in blocks)
        {
            foreach (byte value in block)
            {
                counts[value]++;
            }
        }

        double expected = counts.Sum() / 256.0;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }

    /// <summary>
    /// Learns from the even blocks which feature and threshold tell used from unused best, and says how often it is
    /// right about the odd ones.
    /// </summary>
    private static double BestScore(List<byte[]> used, List<byte[]> unused)
    {
        double[][] usedFeatures = [.. used.Select(FeaturesOf)];
        double[][] unusedFeatures = [.. unused.Select(FeaturesOf)];
        (double Right, int Feature, double Threshold, bool IsAbove) best = default;
        for (int feature = 0; feature < Features; feature++)
        {
            foreach (double threshold in usedFeatures.Where((_, i) => i % 16 == 0).Select(block => block[feature]))
            {
                double above = Score(usedFeatures, unusedFeatures, feature, threshold, 0);
                best = above > best.Right ? (above, feature, threshold, true) : best;
                best = 1 - above > best.Right ? (1 - above, feature, threshold, false) : best;
            }
        }

        double score = Score(usedFeatures, unusedFeatures, best.Feature, best.Threshold, 1);
        return best.IsAbove ? score : 1 - score;
    }

    private static double Score(double[][] used, double[][] unused, int feature, double threshold, int parity)
    {
        double[][] usedPart = [.. used.Where((_, i) => i % 2 == parity)];
        double[][] unusedPart = [.. unused.Where((_, i) => i % 2 == parity)];
        double usedRight = usedPart.Count(block => block[feature] > threshold) / (double)usedPart.Length;
        double unusedRight = unusedPart.Count(block => block[feature] <= threshold) / (double)unusedPart.Length;
        return (usedRight + unusedRight) / 2;
    }

    private static double[] FeaturesOf(byte[] block)
    {
        double same = 0;
        for (int i = 1; i < block.Length; i++)
        {
            same += block[i] == block[i - 1] ? 1 : 0;
        }

        return
        [
            block.Average(value => (double)value),
            block.Sum(value => System.Numerics.BitOperations.PopCount(value)),
            ChiSquare([block]),
            same,
            block.AsSpan(0, 96).ToArray().Average(value => (double)value),
            block.AsSpan(block.Length - 64).ToArray().Average(value => (double)value),
        ];
    }
}
