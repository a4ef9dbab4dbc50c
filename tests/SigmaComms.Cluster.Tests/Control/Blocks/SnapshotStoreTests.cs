using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Tests.Control.Blocks;

public sealed class SnapshotStoreTests
{
    private const int ChunkSize = SnapshotManifest.ChunkSize;

    private static readonly Digest Root = Digest.Sha256("state"u8);

    private readonly FaultyDisk _disk = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(ChunkSize)]
    [InlineData(ChunkSize + 1)]
    [InlineData((3 * ChunkSize) - 7)]
    public void A_snapshot_is_read_back_whole_and_in_chunks(int sizeBytes)
    {
        SnapshotStore store = new(_disk);
        byte[] snapshot = Bytes(sizeBytes);

        SnapshotManifest manifest = store.Write(Identity(7), Root, [snapshot]);
        _disk.Cut(0);
        using SnapshotFile file = store.Open(new Height(7))!;

        Assert.Equal(snapshot, store.Read(new Height(7)));
        Assert.Equal(manifest.ComputeId(), file.Manifest.ComputeId());
        Assert.Equal((sizeBytes + ChunkSize - 1) / ChunkSize, file.Manifest.Chunks.Count);
        Assert.True(snapshot.AsSpan((manifest.Chunks.Count - 1) * ChunkSize)
            .SequenceEqual(file.Read(manifest.Chunks.Count - 1)));
        Assert.Null(file.Read(manifest.Chunks.Count));
        Assert.Null(file.Read(-1));
    }

    [Fact]
    public void Only_the_newest_two_are_kept()
    {
        SnapshotStore store = new(_disk);

        foreach (ulong height in (ulong[])[10, 20, 30])
        {
            store.Write(Identity(height), Root, [Bytes(10)]);
        }

        Assert.Equal([new Height(30), new Height(20)], store.Heights);
        Assert.Null(store.Read(new Height(10)));
    }

    [Fact]
    public void A_rotten_chunk_or_manifest_makes_the_snapshot_unreadable_and_the_older_one_serves()
    {
        SnapshotStore store = new(_disk);
        store.Write(Identity(10), Root, [Bytes(2 * ChunkSize)]);
        store.Write(Identity(20), Root, [Bytes(2 * ChunkSize)]);
        string newest = _disk.ListNames()[^1];
        FaultyDisk manifest = _disk.Copy(1);
        manifest.Rot(newest, 50);
        _disk.Rot(newest, 4_096 + ChunkSize + 5);

        using SnapshotFile file = store.Open(new Height(20))!;

        Assert.NotNull(file.Read(0));
        Assert.Null(file.Read(1));
        Assert.Null(store.Read(new Height(20)));
        Assert.NotNull(store.Read(new Height(10)));
        Assert.Null(new SnapshotStore(manifest).Open(new Height(20)));
    }

    [Fact]
    public void A_power_cut_while_a_snapshot_is_written_leaves_the_one_before()
    {
        SnapshotStore first = new(_disk);
        first.Write(Identity(10), Root, [Bytes(100)]);
        first.Write(Identity(20), Root, [Bytes(100)]);
        _disk.Cut(0);

        for (int point = 0; point < 9; point++)
        {
            for (int seed = 0; seed < 10; seed++)
            {
                FaultyDisk disk = _disk.Copy(seed);
                disk.CutAt = point;
                SnapshotStore store = new(disk);
                bool isWritten = false;
                try
                {
                    store.Write(Identity(30), Root, [Bytes(100)]);
                    isWritten = true;
                }
                catch (PowerCutException)
                {
                }

                disk.Cut();

                Assert.Equal(Bytes(100), store.Read(store.Heights[0]));
                Assert.True(!isWritten || store.Heights[0] == new Height(30));
                Assert.NotNull(store.Read(new Height(20)));
            }
        }
    }

    [Fact]
    public void Chunks_from_peers_count_only_if_they_are_right_and_survive_a_restart()
    {
        SnapshotStore store = new(_disk);
        byte[] snapshot = Bytes((2 * ChunkSize) + 9);
        var manifest = SnapshotManifest.Of(Identity(7), Root, SnapshotChunks.Of([snapshot]));
        using (SnapshotFile intake = store.BeginIntake(manifest))
        {
            Assert.False(intake.TryPut(0, snapshot.AsSpan(1, ChunkSize)));
            Assert.False(intake.TryPut(1, snapshot.AsSpan(0, ChunkSize)));
            Assert.False(intake.TryPut(3, []));
            Assert.True(intake.TryPut(1, snapshot.AsSpan(ChunkSize, ChunkSize)));
            Assert.False(store.TryFinishIntake(intake));
            intake.Sync();
        }

        _disk.SyncNames();
        _disk.Cut(0);
        using SnapshotFile again = store.BeginIntake(manifest);
        IReadOnlyList<int> missing = again.Missing;
        again.TryPut(0, snapshot.AsSpan(0, ChunkSize));
        again.TryPut(2, snapshot.AsSpan(2 * ChunkSize));
        bool isFinished = store.TryFinishIntake(again);

        Assert.Equal([0, 2], missing);
        Assert.True(isFinished);
        _disk.Cut(0);
        Assert.Equal(snapshot, store.Read(new Height(7)));
    }

    [Fact]
    public void An_intake_of_another_snapshot_begins_anew_and_a_wrong_one_is_deleted()
    {
        SnapshotStore store = new(_disk);
        byte[] snapshot = Bytes(50);
        var manifest = SnapshotManifest.Of(Identity(7), Root, SnapshotChunks.Of([snapshot]));
        var other = SnapshotManifest.Of(Identity(7), Digest.Sha256("other"u8), SnapshotChunks.Of([snapshot]));
        using (SnapshotFile intake = store.BeginIntake(manifest))
        {
            intake.TryPut(0, snapshot);
        }

        SnapshotFile begun = store.BeginIntake(other);
        IReadOnlyList<int> missing = begun.Missing;
        begun.TryPut(0, snapshot);
        store.TryFinishIntake(begun);
        store.Delete(new Height(7));

        Assert.Equal([0], missing);
        Assert.Empty(store.Heights);
    }

    [Fact]
    public void A_manifest_is_read_only_in_its_one_form()
    {
        var manifest = SnapshotManifest.Of(Identity(7), Root, SnapshotChunks.Of([Bytes(ChunkSize + 5)]));
        byte[] encoded = manifest.Encode();

        Assert.True(SnapshotManifest.TryDecode(encoded, out SnapshotManifest? read));
        Assert.Equal(manifest.ComputeId(), read.ComputeId());
        for (int length = 0; length < encoded.Length; length++)
        {
            Assert.False(SnapshotManifest.TryDecode(encoded.AsSpan(0, length), out _));
        }

        Assert.False(SnapshotManifest.TryDecode([.. encoded, 0], out _));
        byte[] huge = [.. encoded];
        huge.AsSpan(80, 8).Fill(0xFF);
        Assert.False(SnapshotManifest.TryDecode(huge, out _));
    }

    [Fact]
    public void The_id_binds_block_state_root_size_and_every_chunk()
    {
        var manifest = SnapshotManifest.Of(
            Identity(7), Root, SnapshotChunks.Of([Bytes((4 * ChunkSize) + 1)]));
        HashSet<Digest> ids = [manifest.ComputeId()];
        ids.Add((manifest with { Block = Identity(8) }).ComputeId());
        ids.Add((manifest with { StateRoot = default }).ComputeId());
        ids.Add((manifest with { SizeBytes = manifest.SizeBytes + 1 }).ComputeId());
        for (int i = 0; i < manifest.Chunks.Count; i++)
        {
            Digest[] chunks = [.. manifest.Chunks];
            chunks[i] = default;
            ids.Add((manifest with { Chunks = chunks }).ComputeId());
        }

        Assert.Equal(9, ids.Count);
    }

    [Fact]
    public void An_empty_snapshot_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SnapshotManifest.Of(Identity(1), Root, []));
    }

    private static BlockIdentity Identity(ulong height) => new(new Height(height), Digest.Sha256([(byte)height]));

    private static byte[] Bytes(int sizeBytes)
    {
        byte[] bytes = new byte[sizeBytes];
        new Random(sizeBytes).NextBytes(bytes);
        return bytes;
    }
}
