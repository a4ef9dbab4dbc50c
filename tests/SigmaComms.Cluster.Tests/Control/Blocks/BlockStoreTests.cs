using System.Buffers.Binary;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Tests.Control.Blocks;

public sealed class BlockStoreTests
{
    private static readonly BlockStoreOptions Options = new();

    private readonly FaultyDisk _disk = new(1);

    [Fact]
    public void Blocks_are_read_by_height_alone_and_in_ranges_also_after_a_restart()
    {
        using (BlockStore store = Filled(300))
        {
            store.Sync();
        }

        _disk.Cut(0);
        using BlockStore again = Open(_disk);

        Assert.Equal(BlockOf(1), again.Read(new Height(1)));
        Assert.Equal(BlockOf(299), again.Read(new Height(299)));
        Assert.Null(again.Read(new Height(300)));
        Assert.Equal([BlockOf(254), BlockOf(255), BlockOf(256)], again.ReadRange(new Height(254), 3, int.MaxValue));
        Assert.Equal(2, again.ReadRange(new Height(298), 10, int.MaxValue).Count);
    }

    [Fact]
    public void A_range_stops_at_its_size_but_always_gives_the_first_block()
    {
        using BlockStore store = Filled(20);
        int size = BlockOf(1).Length;

        Assert.Single(store.ReadRange(new Height(1), 10, 1));
        Assert.Equal(2, store.ReadRange(new Height(1), 10, (size * 3) - 1).Count);
    }

    [Fact]
    public void Bytes_that_are_not_the_verified_block_are_not_kept()
    {
        using BlockStore store = Open(_disk);

        bool isOther = store.Put(Identity(5), BlockOf(6));
        bool isNone = store.Put(Identity(5), new byte[3]);
        bool isLarge = store.Put(Identity(5), new byte[BlockEntry.PayloadSizeMax + 1]);

        Assert.Equal((false, false, false), (isOther, isNone, isLarge));
        Assert.Equal(0, store.SizeBytes);
        Assert.False(store.Contains(new Height(5)));
    }

    [Fact]
    public void Another_block_at_a_height_that_is_final_is_a_broken_invariant()
    {
        using BlockStore store = Filled(3);
        byte[] other = BlockOf(2);
        other[^1] ^= 1;

        Assert.Throws<InvalidOperationException>(() => store.Put(IdentityOf(other)!.Value, other));
        Assert.True(store.Put(Identity(2), BlockOf(2)));
    }

    // Its head was on the platter and its body was not: it was taken for there, and the log that had it went.
    [Fact]
    public void A_torn_block_of_which_the_head_is_left_is_put_again()
    {
        using (BlockStore store = Open(_disk))
        {
            store.Put(Identity(1), BlockOf(1));
        }

        _disk.Cut(BlockEntry.SizeBytes + 10);
        using BlockStore again = Open(_disk);
        again.Put(Identity(1), BlockOf(1));

        Assert.Equal(BlockOf(1), again.Read(new Height(1)));
    }

    [Fact]
    public void A_rotten_proof_of_which_the_head_is_left_is_kept_again()
    {
        byte[] proof = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        using (BlockStore store = Open(_disk))
        {
            store.Put(Identity(1), BlockOf(1));
            store.KeepProof(Identity(1), 0, proof);
            store.Sync();
        }

        _disk.Rot(BlockFile.NameOf(0), _disk.BytesOf(BlockFile.NameOf(0)).AsSpan().IndexOf(proof) + 50);
        using BlockStore again = Open(_disk);
        again.KeepProof(Identity(1), 0, proof);

        Assert.Equal(proof, again.FindProof(new Height(1))!.Value.Proof);
    }

    [Fact]
    public void A_rotten_block_is_not_there_and_can_be_put_again()
    {
        Filled(10).Dispose();
        int at = _disk.BytesOf(BlockFile.NameOf(0)).AsSpan().IndexOf(BlockOf(4)) + 50;
        _disk.Kill();
        using (BlockStore synced = Open(_disk))
        {
            synced.Sync();
        }

        _disk.Rot(BlockFile.NameOf(0), at);
        using BlockStore store = Open(_disk);

        byte[]? rotten = store.Read(new Height(4));
        IReadOnlyList<Height> missing = store.Missing(new Height(1), new Height(9), 100);
        bool isPut = store.Put(Identity(4), BlockOf(4));
        store.Dispose();
        using BlockStore again = Open(_disk);

        Assert.Null(rotten);
        Assert.Equal([new Height(4)], missing);
        Assert.True(isPut);
        Assert.Equal(BlockOf(4), again.Read(new Height(4)));
    }

    [Fact]
    public void After_rot_in_a_head_the_rest_of_the_file_is_missing_and_is_put_again()
    {
        using (BlockStore filled = Filled(10))
        {
            filled.Sync();
        }

        int at = _disk.BytesOf(BlockFile.NameOf(0)).AsSpan().IndexOf(BlockOf(4)) - 3;
        _disk.Rot(BlockFile.NameOf(0), at);
        using (BlockStore store = Open(_disk))
        {
            Assert.Equal(6, store.Missing(new Height(1), new Height(9), 100).Count);
            for (ulong height = 4; height < 10; height++)
            {
                Assert.True(store.Put(Identity(height), BlockOf(height)));
            }
        }

        using BlockStore again = Open(_disk);
        Assert.Empty(again.Missing(new Height(1), new Height(9), 100));
    }

    [Fact]
    public void A_block_under_a_header_that_is_not_its_own_is_not_read()
    {
        using (var file = BlockFile.Create(_disk, 0))
        {
            file.Append(BlockEntryKind.Block, Identity(4), BlockOf(5));
        }

        using BlockStore store = Open(_disk);

        Assert.True(store.Contains(new Height(4)));
        Assert.Null(store.Read(new Height(4)));
        Assert.False(store.Contains(new Height(4)));
    }

    [Fact]
    public void The_identity_of_a_block_is_that_of_its_header_and_other_bytes_have_none()
    {
        BlockHeader header = new(
            new Epoch(1), new View(2), new Height(3), default, new View(1), CommandBody.Empty.Root, default, default,
            4, false);
        Block.TryJoin(header, CommandBody.Empty, out Block? block);
        WireWriter writer = new();
        block!.WriteTo(writer);
        byte[] bytes = writer.ToArray();

        BlockIdentity? identity = BlockIdentity.Of(bytes);

        Assert.Equal(new BlockIdentity(new Height(3), block.Digest), identity);
        Assert.Null(BlockIdentity.Of(bytes.AsMemory(1)));
        Assert.Null(BlockIdentity.Of(bytes.AsMemory(0, bytes.Length - 1)));
        Assert.Null(BlockIdentity.Of((byte[])[.. bytes, 0]));
        Assert.Null(BlockIdentity.Of(default));
    }

    [Fact]
    public void What_was_synced_is_there_after_a_power_cut_at_any_operation()
    {
        FaultyDisk whole = new(1);
        Script(whole, (_, _) => { });
        int points = whole.ChangeCount;

        for (int point = 0; point <= points; point++)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                FaultyDisk disk = new(seed) { CutAt = point };
                (ulong First, ulong Last) kept = (1, 0);
                try
                {
                    Script(disk, (first, last) => kept = (first, last));
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();
                using BlockStore store = Open(disk);

                for (ulong height = kept.First; height <= kept.Last; height++)
                {
                    Assert.Equal(BlockOf(height), store.Read(new Height(height)));
                }
            }
        }
    }

    [Fact]
    public void Proofs_are_kept_once_in_256_blocks_or_a_second_and_found_from_any_height_before()
    {
        using BlockStore store = Open(_disk);
        long second = TimeSpan.TicksPerSecond;

        bool first = store.OfferProof(Identity(1), 0, "one"u8);
        bool soon = store.OfferProof(Identity(2), second - 1, "two"u8);
        bool later = store.OfferProof(Identity(3), second, "three"u8);
        bool many = store.OfferProof(Identity(259), second + 1, "many"u8);
        (BlockIdentity Block, byte[] Proof)? found = store.FindProof(new Height(2));

        Assert.Equal((true, false, true, true), (first, soon, later, many));
        Assert.Equal(Identity(3), found!.Value.Block);
        Assert.Equal("three"u8, found.Value.Proof);
        Assert.Equal("many"u8, store.FindProof(new Height(4))!.Value.Proof);
        Assert.Null(store.FindProof(new Height(260)));
    }

    [Fact]
    public void Old_files_go_below_a_height_and_over_the_limit()
    {
        using BlockStore store = Filled(1_100);
        store.DeleteBelow(new Height(600));
        bool isBelowGone = !store.Contains(new Height(511)) && store.Contains(new Height(512));
        BlockStoreOptions small = new() { SizeBytesMax = store.SizeBytes / 2 };
        using var limited = BlockStore.Open(_disk, small, IdentityOf);

        Height first = limited.Trim();

        Assert.True(isBelowGone);
        Assert.True(limited.SizeBytes <= small.SizeBytesMax);
        Assert.True(limited.Contains(first));
        Assert.True(limited.Contains(new Height(1_099)));
    }

    [Fact]
    public void After_a_failed_write_nothing_more_is_kept_before_a_restart()
    {
        using BlockStore store = Filled(3);
        _disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.NoSpace : DiskFault.None;
        Assert.ThrowsAny<IOException>(() => store.Put(Identity(3), BlockOf(3)));
        _disk.Plan = null;

        Assert.Throws<IOException>(() => store.Put(Identity(4), BlockOf(4)));
        Assert.Throws<IOException>(store.Sync);
        Assert.Equal(BlockOf(2), store.Read(new Height(2)));
        Assert.True(Open(_disk).Put(Identity(3), BlockOf(3)));
    }

    [Fact]
    public void A_head_is_written_as_its_format_says()
    {
        BlockEntry entry = new(BlockEntryKind.Proof, new BlockIdentity(new Height(258), default), 3, 0x01020304);
        byte[] head = new byte[BlockEntry.SizeBytes];

        entry.Write(head);

        string expected = "53424531" + "02" + "0000000000000102" + new string('0', 64) + "00000003" + "01020304";
        Assert.Equal(expected, Convert.ToHexString(head.AsSpan(0, 53)));
        Assert.Equal(Crc(head.AsSpan(0, 53)), BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(53)));
        Assert.True(BlockEntry.TryRead(head, out BlockEntry read));
        Assert.Equal(entry, read);
    }

    /// <summary>Tells after each step which blocks must survive from now on.</summary>
    private static void Script(FaultyDisk disk, Action<ulong, ulong> tell)
    {
        using BlockStore store = Open(disk);
        for (ulong height = 230; height <= 270; height++)
        {
            store.Put(Identity(height), BlockOf(height));
            if (height % 8 == 0)
            {
                store.Sync();
                tell(230, height);
            }
        }

        tell(256, 264);
        store.DeleteBelow(new Height(256));
    }

    private BlockStore Filled(ulong count)
    {
        BlockStore store = Open(_disk);
        for (ulong height = 1; height < count; height++)
        {
            Assert.True(store.Put(Identity(height), BlockOf(height)));
        }

        return store;
    }

    private static BlockStore Open(FaultyDisk disk) => BlockStore.Open(disk, Options, IdentityOf);

    private static byte[] BlockOf(ulong height)
    {
        byte[] block = new byte[100 + (int)(height % 40)];
        new Random((int)height).NextBytes(block);
        BinaryPrimitives.WriteUInt64BigEndian(block, height);
        return block;
    }

    private static BlockIdentity Identity(ulong height) => IdentityOf(BlockOf(height))!.Value;

    private static BlockIdentity? IdentityOf(ReadOnlyMemory<byte> block) => block.Length < 8
        ? null
        : new BlockIdentity(
            new Height(BinaryPrimitives.ReadUInt64BigEndian(block.Span)), Digest.Sha256(block.Span));

    private static uint Crc(ReadOnlySpan<byte> bytes) => SigmaComms.Cluster.Disks.Crc32C.Of(bytes);
}
