using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class AttachmentTests
{
    private const int Chunks = 8;

    [Fact]
    public void An_attachment_is_read_back_on_another_node_also_when_a_holder_is_killed()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta, SimNode[] ranked) = ClientsAwayFromHolders(cluster);

        LinkMessage[] stored = [.. Enumerable.Range(0, Chunks).Select(i =>
            alpha.Request(new PutChunk(SimClient.Id(77), (uint)i, Chunks, Content(i))))];
        ranked[0].Kill();

        Assert.All(stored, answer => Assert.IsType<Done>(answer));
        for (int i = 0; i < Chunks; i++)
        {
            Chunk chunk = Assert.IsType<Chunk>(beta.Request(new GetChunk(SimClient.Id(77), (uint)i)));
            Assert.Equal(Content(i), chunk.Content.ToArray());
        }
    }

    [Fact]
    public void A_holder_killed_in_the_middle_of_the_upload_leaves_it_whole()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, SimClient beta, SimNode[] ranked) = ClientsAwayFromHolders(cluster);

        for (int i = 0; i < Chunks; i++)
        {
            if (i == Chunks / 2)
            {
                ranked[0].Kill();
            }

            Assert.IsType<Done>(alpha.Request(new PutChunk(SimClient.Id(77), (uint)i, Chunks, Content(i))));
        }

        for (int i = 0; i < Chunks; i++)
        {
            Assert.IsType<Chunk>(beta.Request(new GetChunk(SimClient.Id(77), (uint)i)));
        }
    }

    [Fact]
    public void A_missing_chunk_is_not_found_and_a_number_out_of_range_malformed()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        (SimClient alpha, _, _) = ClientsAwayFromHolders(cluster);
        alpha.Request(new PutChunk(SimClient.Id(77), 0, 2, Content(0)));

        LinkMessage missing = alpha.Request(new GetChunk(SimClient.Id(77), 1));
        LinkMessage unknown = alpha.Request(new GetChunk(SimClient.Id(78), 0));
        LinkMessage outside = alpha.Request(new PutChunk(SimClient.Id(77), 2, 2, Content(0)));
        LinkMessage empty = alpha.Request(new PutChunk(SimClient.Id(77), 1, 2, default));
        LinkMessage count = alpha.Request(new PutChunk(SimClient.Id(77), 1, 3, Content(0)));

        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(missing).Reason);
        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(unknown).Reason);
        Assert.Equal(RefusalReason.Malformed, Assert.IsType<Refused>(outside).Reason);
        Assert.Equal(RefusalReason.Malformed, Assert.IsType<Refused>(empty).Reason);
        Assert.Equal(RefusalReason.NotAllowed, Assert.IsType<Refused>(count).Reason);
    }

    [Fact]
    public void More_bytes_than_a_node_may_keep_are_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, options => options.AttachmentBytesMax = 10_000);
        (SimClient alpha, _, _) = ClientsAwayFromHolders(cluster);

        LinkMessage first = alpha.Request(new PutChunk(SimClient.Id(77), 0, 2, new byte[3_000]));
        LinkMessage second = alpha.Request(new PutChunk(SimClient.Id(77), 1, 2, new byte[3_000]));

        Assert.IsType<Done>(first);
        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(second).Reason);
    }

    [Fact]
    public void The_last_chunk_of_a_large_attachment_costs_no_more_than_it_is_long_also_after_a_restart()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, options => options.AttachmentBytesMax = 1 << 20);
        (SimClient alpha, _, _) = ClientsAwayFromHolders(cluster);
        for (int i = 0; i < 16; i++)
        {
            Assert.IsType<Done>(alpha.Request(new PutChunk(
                SimClient.Id(i), LinkLimits.ChunksPerAttachment - 1, LinkLimits.ChunksPerAttachment, new byte[1])));
        }

        cluster.Nodes.ForEach(node => node.Kill());
        cluster.StartAll();
        alpha.Connect(cluster.Nodes[0]);
        LinkMessage after = alpha.Request(new PutChunk(SimClient.Id(77), 0, 1, Content(0)));

        Assert.IsType<Done>(after);
    }

    [Fact]
    public void Attachments_of_one_byte_count_as_the_blocks_they_take()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, options => options.AttachmentBytesMax = 100_000);
        (SimClient alpha, _, _) = ClientsAwayFromHolders(cluster);

        LinkMessage[] answers = [.. Enumerable.Range(0, 20).Select(i =>
            alpha.Request(new PutChunk(SimClient.Id(i), 0, 1, new byte[1])))];

        Assert.Equal(12, answers.Count(answer => answer is Done));
        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(answers[^1]).Reason);
    }

    [Fact]
    public void What_the_sweep_deletes_gives_back_what_it_cost_and_no_more()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory().FullName;
        var files = new AttachmentFiles(folder);
        files.Load();
        files.Write(SimClient.Id(1), 65_536, 65_535, new byte[1]);
        long one = files.Bytes;
        files.Write(SimClient.Id(2), 2, 0, new byte[9_000]);
        files.CloseAll();
        var again = new AttachmentFiles(folder);
        again.Load();
        long loaded = again.Bytes;

        again.Delete(SimClient.Id(1));
        long left = again.Bytes;
        again.Delete(SimClient.Id(2));

        Assert.Equal(files.Bytes, loaded);
        Assert.Equal(loaded - one, left);
        Assert.Equal(0, again.Bytes);
        System.IO.Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_chunk_that_a_crash_left_half_written_is_taken_again_and_then_read()
    {
        string path = Path.Combine(System.IO.Directory.CreateTempSubdirectory().FullName, "a.3.parts");
        using (AttachmentFile file = AttachmentFile.Open(path, 3))
        {
            file.Write(0, Content(0));
            file.Flush();
            file.Write(1, Content(1));
        }

        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length - 5_000).Clear();
        File.WriteAllBytes(path, bytes);
        using AttachmentFile again = AttachmentFile.Open(path, 3);
        bool[] before = [again.Has(0), again.Has(1)];
        again.Write(1, Content(1));
        again.Write(2, Content(2));
        again.Flush();
        using AttachmentFile third = AttachmentFile.Open(path, 3);

        Assert.Equal([true, false], before);
        Assert.Equal(3, third.Present);
        Assert.Equal(Content(1), third.Read(1)!.Value.ToArray());
        Assert.Equal(Content(2), third.Read(2)!.Value.ToArray());
        File.Delete(path);
    }

    [Fact]
    public void A_chunk_that_was_damaged_later_is_written_again_when_it_is_put_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        (SimClient alpha, _, _) = ClientsAwayFromHolders(cluster);
        alpha.Request(new PutChunk(SimClient.Id(77), 0, 1, Content(0)));
        cluster.Nodes.ForEach(node => node.Kill());
        foreach (SimNode node in cluster.Nodes)
        {
            byte[] bytes = File.ReadAllBytes(FileOf(node)!);
            bytes[^1] ^= 1;
            File.WriteAllBytes(FileOf(node)!, bytes);
        }

        cluster.StartAll();
        alpha.Connect(cluster.Nodes[0]);
        LinkMessage put = alpha.Request(new PutChunk(SimClient.Id(77), 0, 1, Content(0)));
        LinkMessage got = alpha.Request(new GetChunk(SimClient.Id(77), 0));

        Assert.IsType<Done>(put);
        Assert.Equal(Content(0), Assert.IsType<Chunk>(got).Content.ToArray());
    }

    [Fact]
    public void A_chunk_damaged_on_the_disk_counts_as_missing()
    {
        string path = Path.Combine(System.IO.Directory.CreateTempSubdirectory().FullName, "a.2.parts");
        using (AttachmentFile file = AttachmentFile.Open(path, 2))
        {
            file.Write(0, Content(0));
            file.Write(1, Content(1));
            file.Flush();
        }

        byte[] bytes = File.ReadAllBytes(path);
        bytes[50] ^= 1;
        File.WriteAllBytes(path, bytes);
        using AttachmentFile again = AttachmentFile.Open(path, 2);

        Assert.Null(again.Read(0));
        Assert.Equal(Content(1), again.Read(1)!.Value.ToArray());
        again.Dispose();
        File.Delete(path);
    }

    [Fact]
    public void Twenty_megabytes_get_their_second_copy_again_when_a_holder_stays_down()
    {
        const int Many = 320;
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, _, SimNode[] ranked) = ClientsAwayFromHolders(cluster);
        Upload(alpha, Many);
        ranked[0].Kill();

        cluster.Until(() => FileOf(ranked[2]) is not null, seconds: 60);
        cluster.Until(() => Copied(cluster), seconds: 60);
        ranked[1].Kill();
        cluster.Advance(TimeSpan.FromSeconds(5));

        for (int i = 0; i < Many; i++)
        {
            Chunk chunk = Assert.IsType<Chunk>(alpha.Request(new GetChunk(SimClient.Id(77), (uint)i)));
            Assert.True(chunk.Content.Span.SequenceEqual(Content(i)));
        }
    }

    [Fact]
    public void A_holder_that_comes_back_with_an_empty_disk_gets_its_copy_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, _, SimNode[] ranked) = ClientsAwayFromHolders(cluster);
        Upload(alpha, Chunks);
        cluster.Advance(TimeSpan.FromSeconds(20));
        ranked[0].Kill();
        ranked[0].Wipe();
        cluster.Await(ranked[0].Start(cluster.Log));

        cluster.Until(() => FileOf(ranked[0]) is not null && Copied(cluster), seconds: 60);
        ranked[1].Kill();
        cluster.Advance(TimeSpan.FromSeconds(5));

        for (int i = 0; i < Chunks; i++)
        {
            Chunk chunk = Assert.IsType<Chunk>(alpha.Request(new GetChunk(SimClient.Id(77), (uint)i)));
            Assert.Equal(Content(i), chunk.Content.ToArray());
        }
    }

    [Fact]
    public void A_short_absence_copies_nothing()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, _, SimNode[] ranked) = ClientsAwayFromHolders(cluster);
        Upload(alpha, Chunks);
        cluster.Advance(TimeSpan.FromSeconds(20));

        ranked[0].Kill();
        cluster.Advance(TimeSpan.FromSeconds(15));
        cluster.Await(ranked[0].Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        cluster.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(FileOf(ranked[2]));
        Assert.Null(FileOf(ranked[3]));
        Assert.NotNull(FileOf(ranked[0]));
        Assert.False(Copied(cluster));
    }

    [Fact]
    public void The_third_copy_goes_when_both_holders_have_theirs_again()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, _, SimNode[] ranked) = ClientsAwayFromHolders(cluster);
        Upload(alpha, Chunks);
        ranked[0].Kill();
        cluster.Until(() => FileOf(ranked[2]) is not null && Copied(cluster), seconds: 60);

        cluster.Await(ranked[0].Start(cluster.Log));
        cluster.Until(() => FileOf(ranked[2]) is null, seconds: 60);

        Assert.NotNull(FileOf(ranked[0]));
        Assert.NotNull(FileOf(ranked[1]));
        for (int i = 0; i < Chunks; i++)
        {
            Assert.IsType<Chunk>(alpha.Request(new GetChunk(SimClient.Id(77), (uint)i)));
        }
    }

    [Fact]
    public void Halves_that_two_nodes_took_become_whole_on_both()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        (SimClient alpha, _, SimNode[] ranked) = ClientsAwayFromHolders(cluster);
        for (int i = 0; i < Chunks; i++)
        {
            if (i == Chunks / 2)
            {
                ranked[0].Kill();
            }

            Assert.IsType<Done>(alpha.Request(new PutChunk(SimClient.Id(77), (uint)i, Chunks, Content(i))));
        }

        cluster.Until(() => Copied(cluster), seconds: 60);
        ranked[1].Kill();
        cluster.Advance(TimeSpan.FromSeconds(5));

        for (int i = 0; i < Chunks; i++)
        {
            Chunk chunk = Assert.IsType<Chunk>(alpha.Request(new GetChunk(SimClient.Id(77), (uint)i)));
            Assert.Equal(Content(i), chunk.Content.ToArray());
        }
    }

    [Theory]
    [InlineData(9u, 2, true)]
    [InlineData(9u, 1, false)]
    [InlineData(9u, 3, false)]
    [InlineData(8u, 1, true)]
    public void Bits_of_chunks_must_fit_their_number(uint count, int length, bool fits) =>
        Assert.Equal(fits, ChunkBits.AreFor(count, new byte[length]));

    [Fact]
    public void A_bit_behind_the_last_chunk_does_not_fit_and_a_difference_gives_its_numbers()
    {
        byte[] left = ChunkBits.Without([0b1110_0001, 1], [0b0110_0000, 0]);

        Assert.False(ChunkBits.AreFor(9, [0, 2]));
        Assert.Equal([0u, 7, 8], ChunkBits.Numbers(left));
    }

    private static void Upload(SimClient client, int chunks)
    {
        for (int i = 0; i < chunks; i++)
        {
            Assert.IsType<Done>(client.Request(new PutChunk(SimClient.Id(77), (uint)i, (uint)chunks, Content(i))));
        }
    }

    private static string? FileOf(SimNode node) => System.IO.Directory
        .EnumerateFiles(Path.Combine(node.Options.DataDirectory, "attachments"), $"{SimClient.Id(77)}.*")
        .FirstOrDefault();

    private static bool Copied(SimCluster cluster) =>
        cluster.Log.Lines.Any(line => line.Contains($"{SimClient.Id(77)}: copied", StringComparison.Ordinal));

    private static byte[] Content(int index)
    {
        byte[] content = new byte[index == Chunks - 1 ? 10 : LinkLimits.ChunkBytes];
        new Random(index).NextBytes(content);
        return content;
    }

    private static (SimClient Alpha, SimClient Beta, SimNode[] Ranked) ClientsAwayFromHolders(SimCluster cluster)
    {
        SimNode[] ranked = cluster.Ranked(SimClient.Id(77));
        var alpha = new SimClient(cluster, 1);
        var beta = new SimClient(cluster, 2);
        alpha.Connect(ranked[^1]);
        beta.Connect(ranked.Length > 2 ? ranked[2] : ranked[^1]);
        return (alpha, beta, ranked);
    }
}
