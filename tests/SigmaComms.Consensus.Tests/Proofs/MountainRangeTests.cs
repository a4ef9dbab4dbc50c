using System.Text;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Consensus.Tests.Support;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Tests.Proofs;

public sealed class MountainRangeTests
{
    // The eight entries that certificate transparency implementations test with.
    private static readonly byte[][] KnownEntries =
    [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_roots_of_the_known_entries_are_the_known_ones(int count, string root)
    {
        MountainRange range = Of(KnownEntries.Take(count));

        Assert.Equal(root, range.Root.ToString());
        Assert.Equal(root, MerkleTree.Root([.. KnownEntries.Take(count).Select(e => MerkleHash.Entry(e))]).ToString());
    }

    [Fact]
    public void Every_root_is_the_one_of_the_standards_definition_and_every_entry_is_proved()
    {
        byte[][] entries = Entries(70);
        MountainRange range = MountainRange.Empty;
        for (int count = 1; count <= entries.Length; count++)
        {
            range = range.Append(entries[count - 1]);

            Assert.Equal(NaiveMerkle.Root(entries.AsSpan(0, count)), range.Root);
            for (int index = 0; index < count; index++)
            {
                InclusionProof proof = range.Prove((ulong)index)!;

                Assert.True(proof.Verify(entries[index], range.Root), $"{index} of {count}");
                Assert.False(proof.Verify([.. entries[index], 1], range.Root));
            }
        }
    }

    [Fact]
    public void Consistency_holds_between_any_two_sizes_and_with_no_other_root_but_that_all_begin_with_nothing()
    {
        byte[][] entries = Entries(40);
        MountainRange[] ranges = new MountainRange[41];
        ranges[0] = MountainRange.Empty;
        for (int i = 0; i < entries.Length; i++)
        {
            ranges[i + 1] = ranges[i].Append(entries[i]);
        }

        for (int older = 0; older <= 40; older++)
        {
            for (int newer = older; newer <= 40; newer++)
            {
                ConsistencyProof proof = ranges[newer].ProveConsistency((ulong)older)!;

                Assert.True(proof.Verify(ranges[older].Root, ranges[newer].Root), $"{older} to {newer}");
                Assert.False(proof.Verify(Digest.Sha256([1]), ranges[newer].Root));
                Assert.Equal(older == 0 && newer > 0, proof.Verify(ranges[older].Root, Digest.Sha256([1])));
            }
        }
    }

    [Fact]
    public void A_history_that_was_rewritten_has_no_consistency_proof_that_verifies()
    {
        byte[][] entries = Entries(21);
        Digest older = Of(entries.Take(13)).Root;
        entries[7] = Encoding.ASCII.GetBytes("rewritten");
        MountainRange newer = Of(entries);

        ConsistencyProof proof = newer.ProveConsistency(13)!;

        Assert.False(proof.Verify(older, newer.Root));
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_makes_it_fail()
    {
        byte[][] entries = Entries(13);
        MountainRange range = Of(entries);
        WireWriter inclusion = new();
        range.Prove(9)!.WriteTo(inclusion);
        WireWriter consistency = new();
        range.ProveConsistency(6)!.WriteTo(consistency);
        Digest older = Of(entries.Take(6)).Root;

        Assert.All(Hostile.BitFlips(inclusion.ToArray()), bytes => Assert.False(Includes(bytes)));
        Assert.All(Hostile.BitFlips(consistency.ToArray()), bytes => Assert.False(Continues(bytes)));
        Assert.All(Hostile.Cuts(inclusion.ToArray()), bytes => Assert.False(Includes(bytes)));
        Assert.All(Hostile.Cuts(consistency.ToArray()), bytes => Assert.False(Continues(bytes)));

        bool Includes(byte[] bytes)
        {
            WireReader reader = new(bytes);
            return InclusionProof.TryRead(ref reader, out InclusionProof? proof) && reader.AtEnd
                && proof.Index == 9 && proof.Count == 13 && proof.Verify(entries[9], range.Root);
        }

        bool Continues(byte[] bytes)
        {
            WireReader reader = new(bytes);
            return ConsistencyProof.TryRead(ref reader, out ConsistencyProof? proof) && reader.AtEnd
                && proof.OlderCount == 6 && proof.NewerCount == 13 && proof.Verify(older, range.Root);
        }
    }

    [Fact]
    public void A_range_restored_from_its_peaks_grows_alike_and_proves_nothing_it_does_not_hold()
    {
        byte[][] entries = Entries(30);
        MountainRange whole = Of(entries.Take(22));
        WireWriter writer = new();
        whole.WritePeaks(writer);
        WireReader reader = new(writer.Written);

        bool ok = MountainRange.TryReadPeaks(ref reader, out MountainRange? restored);

        Assert.True(ok && reader.AtEnd);
        Assert.Equal(whole.Root, restored!.Root);
        Assert.Null(restored.Prove(3));
        Assert.Null(whole.WithoutHistory().Prove(3));
        foreach (byte[] entry in entries.Skip(22))
        {
            (whole, restored) = (whole.Append(entry), restored.Append(entry));
        }

        Assert.Equal(whole.Root, restored.Root);
        Assert.True(restored.Prove(25)!.Verify(entries[25], whole.Root));
    }

    [Fact]
    public void Appending_leaves_the_older_range_as_it_was()
    {
        MountainRange older = Of(Entries(5));
        Digest root = older.Root;

        MountainRange left = older.Append([1]);
        MountainRange right = older.Append([2]);

        Assert.NotEqual(left.Root, right.Root);
        Assert.Equal((root, 5ul), (older.Root, older.Count));
    }

    private static MountainRange Of(IEnumerable<byte[]> entries) =>
        entries.Aggregate(MountainRange.Empty, (range, entry) => range.Append(entry));

    private static byte[][] Entries(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes($"entry {i}"))];
}
