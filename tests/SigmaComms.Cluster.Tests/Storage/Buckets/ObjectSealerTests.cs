using System.Runtime.CompilerServices;
using System.Text;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Tests.Storage.Buckets;

public sealed class ObjectSealerTests
{
    [Fact]
    public void A_head_is_sealed_as_in_the_golden_file_and_opened_again()
    {
        byte[] golden = Convert.FromHexString(File.ReadLines(GoldenPath()).Last()["head = ".Length..]);
        (FragmentLabel label, byte[] digests) = GoldenFragment();
        using ObjectSealer sealer = new(BucketFixture.StorageKey, new FixedSalt());

        byte[] head = sealer.Seal(label, digests);
        bool isOpened = sealer.TryOpen(label.Id, golden, out ObjectHead? opened);

        Assert.Equal(Convert.ToHexStringLower(golden), Convert.ToHexStringLower(head));
        Assert.True(isOpened);
        Assert.Equal(label, opened!.Label);
        Assert.Equal(digests, opened.Digests.ToArray());
        Assert.Equal(golden.Length + label.Length, opened.ObjectSizeBytes);
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_is_refused()
    {
        (FragmentLabel label, byte[] digests) = GoldenFragment();
        using ObjectSealer sealer = new(BucketFixture.StorageKey, SystemRandom.Instance);
        byte[] head = sealer.Seal(label, digests);

        for (int bit = 0; bit < head.Length * 8; bit++)
        {
            byte[] wrong = [.. head];
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(sealer.TryOpen(label.Id, wrong, out _), $"bit {bit}");
        }

        for (int length = 0; length < head.Length; length++)
        {
            Assert.False(sealer.TryOpen(label.Id, head.AsSpan(0, length), out _), $"length {length}");
        }

        Assert.False(sealer.TryOpen(label.Id, [.. head, 0], out _));
        Assert.True(sealer.TryOpen(label.Id, head, out _));
    }

    [Fact]
    public void A_head_opens_for_its_fragment_only_and_needs_the_digests_of_its_root()
    {
        (FragmentLabel label, byte[] digests) = GoldenFragment();
        using ObjectSealer sealer = new(BucketFixture.StorageKey, SystemRandom.Instance);
        byte[] otherDigests = [.. digests];
        otherDigests[0] ^= 1;

        Assert.False(sealer.TryOpen(label.Siblings[1].Id, sealer.Seal(label, digests), out _));
        Assert.False(sealer.TryOpen(label.Id, sealer.Seal(label, otherDigests), out _));
        Assert.False(sealer.TryOpen(label.Id, sealer.Seal(label, digests.AsSpan(32)), out _));
    }

    [Fact]
    public void The_same_head_is_never_sealed_to_the_same_bytes()
    {
        (FragmentLabel label, byte[] digests) = GoldenFragment();
        using ObjectSealer sealer = new(BucketFixture.StorageKey, SystemRandom.Instance);

        Assert.NotEqual(sealer.Seal(label, digests), sealer.Seal(label, digests));
    }

    [Fact]
    public void The_key_follows_from_the_nodes_signing_key_and_no_other_node_has_it()
    {
        (FragmentLabel label, byte[] digests) = GoldenFragment();
        using MlDsa65SigningKey node = new(new byte[32]);
        using MlDsa65SigningKey same = new(new byte[32]);
        using MlDsa65SigningKey other = new(BucketFixture.StorageKey);
        using ObjectSealer first = ObjectSealer.Of(node, SystemRandom.Instance);
        using ObjectSealer restarted = ObjectSealer.Of(same, SystemRandom.Instance);
        using ObjectSealer foreign = ObjectSealer.Of(other, SystemRandom.Instance);
        byte[] head = first.Seal(label, digests);

        Assert.True(restarted.TryOpen(label.Id, head, out _));
        Assert.False(foreign.TryOpen(label.Id, head, out _));
    }

    [Fact]
    public void A_length_out_of_its_range_is_no_head()
    {
        Assert.False(ObjectSealer.TryReadSize([1, 0, 0, 0], out _));
        Assert.False(ObjectSealer.TryReadSize([2, 0, 0, 0, 100], out _));
        Assert.False(ObjectSealer.TryReadSize([1, 0, 0, 0, 47], out _));
        Assert.False(ObjectSealer.TryReadSize([1, 0xFF, 0xFF, 0xFF, 0xFF], out _));
        Assert.True(ObjectSealer.TryReadSize([1, 0, 0, 0, 48], out int sizeBytes));
        Assert.Equal(53, sizeBytes);
    }

    [Fact]
    public void The_longest_label_of_the_longest_fragment_has_room()
    {
        (FragmentLabel label, byte[] bytes) = BucketFixture.Fragment(FragmentLabel.LengthMax, VaultShape.FragmentsMax);
        byte[] digests = new byte[FragmentTree.BlockCount(bytes.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(bytes, digests);
        using ObjectSealer sealer = new(BucketFixture.StorageKey, SystemRandom.Instance);

        byte[] head = sealer.Seal(label, digests);

        Assert.Equal(5 + 73_834, head.Length);
        Assert.True(sealer.TryOpen(label.Id, head, out _));
    }

    private static (FragmentLabel Label, byte[] Digests) GoldenFragment()
    {
        byte[] bytes = new byte[8_256];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = unchecked((byte)((7 * i) + (i / 256)));
        }

        byte[] digests = new byte[FragmentTree.BlockCount(bytes.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(bytes, digests);
        Digest[] roots = [FragmentTree.Root(digests), Hash("root1"), Hash("root2")];
        StripeId stripe = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        return (new FragmentLabel(Hash("vault"), stripe, 2, 0, bytes.Length, Hash("address"), roots), digests);
    }

    private static Digest Hash(string text) => Digest.Sha256(Encoding.ASCII.GetBytes(text));

    private static string GoldenPath([CallerFilePath] string source = "") => Path.Combine(
        source[..source.IndexOf("SigmaComms.Cluster.Tests", StringComparison.Ordinal)],
        "golden", "cluster", "bucket-object.txt");

    private sealed class FixedSalt : IRandomSource
    {
        public void Fill(Span<byte> destination)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (byte)(0x80 + i);
            }
        }
    }
}
