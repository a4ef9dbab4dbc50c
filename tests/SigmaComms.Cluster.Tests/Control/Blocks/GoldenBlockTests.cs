using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Blocks;

/// <summary>
/// The bytes of docs/formats/control-log-blocks.md; the golden file was made by another program from that text.
/// </summary>
public sealed class GoldenBlockTests
{
    [Fact]
    public void Blocks_and_proofs_are_written_as_in_the_golden_file()
    {
        FaultyDisk disk = new(1);
        byte[] block = [.. new byte[6], 1, 2, .. "block"u8];
        BlockIdentity identity = new(new Height(258), Digest.Sha256(block));
        using var store = BlockStore.Open(disk, new BlockStoreOptions(), _ => identity);

        store.Put(identity, block);
        store.OfferProof(identity, 0, "proof"u8);

        Assert.Equal(Golden("blocks"), Convert.ToHexStringLower(disk.BytesOf("blocks-0000000000000001.dat")));
    }

    [Fact]
    public void A_snapshot_is_written_as_in_the_golden_file()
    {
        FaultyDisk disk = new(1);
        byte[] block = [.. new byte[6], 1, 2, .. "block"u8];
        byte[] snapshot = [.. Enumerable.Range(0, (2 << 20) + 5).Select(i => (byte)(((i * 7) + (i / 251)) % 256))];

        SnapshotManifest manifest = new SnapshotStore(disk).Write(
            new BlockIdentity(new Height(258), Digest.Sha256(block)), Digest.Sha256("state"u8), [snapshot]);
        byte[] file = disk.BytesOf("snapshot-0000000000000102.snap");
        int headSize = 4 + Digest.SizeBytes + BinaryPrimitives.ReadInt32BigEndian(file);

        Assert.Equal(Golden("id"), manifest.ComputeId().ToString());
        Assert.Equal(Golden("snapshot"), Convert.ToHexStringLower(file.AsSpan(0, headSize)));
        Assert.True(file.AsSpan(4_096).SequenceEqual(snapshot));
    }

    private static string Golden(string name, [CallerFilePath] string source = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(source)!, "golden-blocks.txt"))
            .Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))
            .Split(' ')[1];
}
