using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Votes;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Tests.Control.Transfer;

public sealed class BlockServerTests : IDisposable
{
    private const int Count = 200;

    private static readonly Digest Some = Digest.Sha256([1]);
    private static readonly CommandBody Large = CommandBody.Of([GroupOf(60_000)]);

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("sigma-blocks-");
    private readonly ReadCountingDisk _disk = new(new FaultyDisk(1));

    [Fact]
    public void A_block_far_before_its_proof_costs_its_own_bytes_and_the_headers_between_not_their_bodies()
    {
        using BlockStore store = BlockStore.Open(_disk, new BlockStoreOptions(), BlockIdentity.Of);
        List<Block> blocks = Fill(store);
        BlockServer server = new(store);
        server.Show(new Height(Count), new FinalityProof(CertificateOf(blocks[^1]), []));
        _disk.BytesRead = 0;

        Message.FinalBlocks? served = server.Serve(new Height(1), 1);

        Assert.NotNull(served);
        Assert.Equal(blocks[0].Digest, served.Blocks.Single().Digest);
        Assert.Equal(Count - 1, served.Proof.Descendants.Count);
        Assert.Equal(blocks[^1].Digest, served.Proof.Descendants[^1].ComputeDigest());
        Assert.InRange(_disk.BytesRead, 60_000, 70_000 + (Count * 170));
    }

    [Fact]
    public void Blocks_can_be_read_while_others_are_put_and_old_files_are_deleted()
    {
        const int Readers = 3;
        using BlockStore store = BlockStore.Open(
            new FolderDisk(_folder.FullName), new BlockStoreOptions { SizeBytesMax = 1 }, BlockIdentity.Of);
        using Barrier begin = new(Readers + 1);
        bool isOver = false;
        List<Exception> failures = [];
        Thread[] readers =
        [
            .. Enumerable.Range(0, Readers).Select(reader => new Thread(() =>
            {
                begin.SignalAndWait();
                Random random = new(reader);
                while (!Volatile.Read(ref isOver))
                {
                    try
                    {
                        Height height = new((ulong)random.Next(1_200));
                        BlockHeader? header = store.ReadHeader(height);
                        Assert.True(header is null || header.Height == height);
                        store.FindProof(height);
                    }
                    catch (Exception error)
                    {
                        lock (failures)
                        {
                            failures.Add(error);
                        }

                        return;
                    }
                }
            })),
        ];
        Array.ForEach(readers, reader => reader.Start());
        begin.SignalAndWait();
        Block parent = BlockOf(null, CommandBody.Empty);
        for (int i = 0; i < 1_200; i++)
        {
            Put(store, parent);
            store.KeepProof(new BlockIdentity(parent.Header.Height, parent.Digest), i, new byte[10]);
            parent = BlockOf(parent, CommandBody.Empty);
            if (i % 100 == 0)
            {
                store.Trim();
            }
        }

        Volatile.Write(ref isOver, true);
        Array.ForEach(readers, reader => reader.Join());

        Assert.Empty(failures);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static List<Block> Fill(BlockStore store)
    {
        List<Block> blocks = [];
        for (int i = 0; i < Count; i++)
        {
            blocks.Add(BlockOf(i == 0 ? null : blocks[^1], Large));
            Put(store, blocks[^1]);
        }

        return blocks;
    }

    private static void Put(BlockStore store, Block block)
    {
        WireWriter writer = new();
        block.WriteTo(writer);
        Assert.True(store.Put(new BlockIdentity(block.Header.Height, block.Digest), writer.ToArray()));
    }

    private static Block BlockOf(Block? parent, CommandBody body)
    {
        Height height = parent is null ? new Height(1) : parent.Header.Height.Next;
        BlockHeader header = new(
            new Epoch(1), new View(height.Value), height, parent?.Digest ?? Some, new View(height.Value - 1),
            body.Root, Some, Some, (long)height.Value, false);
        Block.TryJoin(header, body, out Block? block);
        return block!;
    }

    private static Certificate CertificateOf(Block block) => new(
        BallotKind.Finalize, new Epoch(1), block.Header.View, block.Digest,
        [new CertificateVote(0, null, new byte[9])]);

    private static CommandGroup GroupOf(int sizeBytes)
    {
        SimIdentity client = SimCluster.IdentityOf(7);
        byte[] signed = CommandGroup.EncodeSigned(1, [new Command(Some, 1, 1, new byte[sizeBytes])]);
        return CommandGroup.Assemble(client.PublicKey.Span, signed, new byte[3_309]);
    }
}
