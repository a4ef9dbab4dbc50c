using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Tests.Sealing;

public sealed class FragmentTreeTests
{
    public static TheoryData<int, string> KnownAnswers()
    {
        TheoryData<int, string> rows = [];
        foreach (string line in File.ReadAllLines(PathOf("fragment-roots.txt")))
        {
            string[] fields = line.Split(' ');
            rows.Add(int.Parse(fields[0]), fields[1]);
        }

        return rows;
    }

    // Another program made the file, with the recursive definition of RFC 9162.
    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void The_root_is_that_of_the_RFCs_definition(int length, string root)
    {
        byte[] fragment = Pattern(length);

        Assert.Equal(root, FragmentTree.RootOf(fragment).ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3 * 4096)]
    [InlineData((7 * 4096) + 64)]
    public void Any_neighbouring_blocks_are_verified_and_no_other_place_takes_them(int length)
    {
        byte[] fragment = Pattern(length);
        int blocks = FragmentTree.BlockCount(length);
        byte[] digests = new byte[blocks * 32];
        FragmentTree.HashBlocks(fragment, digests);
        Digest root = FragmentTree.Root(digests);
        for (int first = 0; first < blocks; first++)
        {
            for (int count = 1; count <= blocks - first; count++)
            {
                byte[] siblings = FragmentTree.Prove(digests, first, count);
                int end = Math.Min(length, (first + count) * 4096);
                ReadOnlySpan<byte> bytes = fragment.AsSpan((first * 4096)..end);

                Assert.True(FragmentTree.Verify(root, length, first, bytes, siblings), $"{first}, {count}");
                Assert.False(FragmentTree.Verify(root, length, first + 1, bytes, siblings), $"{first}, {count}");
                Assert.False(FragmentTree.Verify(root, length, first - 1, bytes, siblings), $"{first}, {count}");
            }
        }
    }

    [Fact]
    public void A_changed_bit_a_lost_or_added_sibling_or_another_length_is_noticed()
    {
        int length = (5 * 4096) + 100;
        byte[] fragment = Pattern(length);
        byte[] digests = new byte[FragmentTree.BlockCount(length) * 32];
        FragmentTree.HashBlocks(fragment, digests);
        Digest root = FragmentTree.Root(digests);
        byte[] siblings = FragmentTree.Prove(digests, 2, 1);
        byte[] block = fragment[(2 * 4096)..(3 * 4096)];
        for (int i = 0; i < siblings.Length; i++)
        {
            byte[] changed = [.. siblings];
            changed[i] ^= 1;

            Assert.False(FragmentTree.Verify(root, length, 2, block, changed));
        }

        for (int i = 0; i < block.Length; i += 97)
        {
            byte[] changed = [.. block];
            changed[i] ^= 0x80;

            Assert.False(FragmentTree.Verify(root, length, 2, changed, siblings));
        }

        Assert.False(FragmentTree.Verify(root, length, 2, block, siblings.AsSpan(32)));
        Assert.False(FragmentTree.Verify(root, length, 2, block, siblings.AsSpan(1)));
        Assert.False(FragmentTree.Verify(root, length, 2, block, [.. siblings, .. siblings[..32]]));
        Assert.False(FragmentTree.Verify(root, length, 2, block.AsSpan(1), siblings));
        Assert.False(FragmentTree.Verify(root, 3 * 4096, 2, block, siblings));
        Assert.False(FragmentTree.Verify(root, length, 2, [], siblings));
    }

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        byte[] digests = new byte[3 * 32];

        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentTree.BlockCount(0));
        Assert.Throws<ArgumentException>(() => FragmentTree.HashBlocks(new byte[4097], new byte[32]));
        Assert.Throws<ArgumentException>(() => FragmentTree.Root(new byte[33]));
        Assert.Throws<ArgumentException>(() => FragmentTree.Root([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentTree.Prove(digests, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentTree.Prove(digests, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentTree.Prove(digests, 0, 0));
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = unchecked((byte)((i * 167) + ((i >> 8) * 59) + 11));
        }

        return bytes;
    }

    private static string PathOf(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, name);
}
