using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;
using Xunit.Abstractions;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>The log of a vault through nodes that lose answers, lag, lie and refuse.</summary>
public sealed class CommandLogTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Digest Salt = Digest.Sha256("salt"u8);

    private readonly SeededRandom _random = new(7);
    private readonly InstantTime _time = new(Start);

    [Fact]
    public async Task Entries_of_two_writers_are_read_back_in_pages_and_their_chain_is_that_of_the_state_machine()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog alice, Digest vault) = await CreateAsync(cluster);
        MlDsa65SigningKey bobKey = Key();
        (ControlCommandLog bob, _) = cluster.Open(bobKey);
        await Directory(alice, cluster).AddWriterAsync(vault, bobKey.Id, default);
        Dictionary<ControlCommandLog, ulong> sequences = new() { [alice] = 0, [bob] = 0 };
        List<byte[]> written = [];
        while (written.Count < 1_000)
        {
            ControlCommandLog writer = _random.Chance(0.5) ? alice : bob;
            List<Task<LogAppend>> together = [];
            ulong next = (ulong)written.Count;
            for (int i = 0; i < 20; i++)
            {
                written.Add(_random.Bytes(1 + _random.Below(2_000)));
                together.Add(writer.AppendAsync(vault, ++sequences[writer], written[^1], default).AsTask());
            }

            Assert.Equal(
                Enumerable.Range(0, 20).Select(i => new LogAppend(LogStatus.Done, next + (ulong)i)),
                await Task.WhenAll(together));
        }

        List<LogEntry> read = await ReadAllAsync(bob, vault);
        Digest head = read.Aggregate(LogEntry.StartOf(vault), static (before, entry) => entry.HeadAfter(before));
        LogRange end = await bob.ReadAsync(vault, 1_000, default);

        Assert.Equal(written, read.Select(static entry => entry.Content.ToArray()));
        Assert.Equal(cluster.Find(vault)!.Head, head);
        Assert.Equal(new LogPosition(1_000, head), end.End);
        Assert.Equal(LogEntry.StartOf(vault), end.FirstHead);
        Assert.InRange(cluster.Asked.OfType<ReadVault>().Count(), 3, 20);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public async Task Entries_whose_answers_are_lost_count_once(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom chance = new(seed);
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        cluster.Bend = (_, request, honest) => request switch
        {
            SubmitCommands when chance.Chance(0.3) => null,
            SubmitCommands when chance.Chance(0.3) => Lost(honest()),
            _ when chance.Chance(0.1) => new Refused(RefusalReason.Unavailable, "no quorum"),
            _ => honest(),
        };

        for (ulong i = 1; i <= 40; i++)
        {
            LogAppend appended = await log.AppendAsync(vault, i, BitConverter.GetBytes(i), default);

            Assert.Contains(appended.Status, new[] { LogStatus.Done, LogStatus.WrongSequence });
        }

        cluster.Bend = static (_, _, honest) => honest();
        List<LogEntry> read = await ReadAllAsync(log, vault);
        Assert.Equal(
            Enumerable.Range(1, 40).Select(i => (ulong)i),
            read.Select(static entry => BitConverter.ToUInt64(entry.Content.Span)));
    }

    [Fact]
    public async Task What_nobody_answers_is_unreachable_and_what_becomes_of_it_shows_when_it_is_sent_again()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        cluster.Bend = static (_, request, honest) => request is SubmitCommands ? Lost(honest()) : honest();

        LogAppend lost = await log.AppendAsync(vault, 1, "once"u8.ToArray(), default);
        cluster.Bend = static (_, _, honest) => honest();
        LogAppend again = await log.AppendAsync(vault, 1, "once"u8.ToArray(), default);

        Assert.Equal(LogStatus.Unreachable, lost.Status);
        Assert.Equal(new LogAppend(LogStatus.WrongSequence, 2), again);
        Assert.Equal(1UL, cluster.Find(vault)!.Count);
    }

    [Fact]
    public async Task A_number_that_was_used_for_another_entry_and_one_that_is_left_out_are_refused_with_the_right_one()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        await log.AppendAsync(vault, 1, "first"u8.ToArray(), default);

        LogAppend reused = await log.AppendAsync(vault, 1, "other"u8.ToArray(), default);
        LogAppend leftOut = await log.AppendAsync(vault, 3, "third"u8.ToArray(), default);

        Assert.Equal(new LogAppend(LogStatus.WrongSequence, 2), reused);
        Assert.Equal(new LogAppend(LogStatus.WrongSequence, 2), leftOut);
        Assert.Equal(1UL, cluster.Find(vault)!.Count);
    }

    [Fact]
    public async Task Entries_without_bytes_and_over_the_limit_are_not_sent_and_the_largest_is_taken()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        int asked = cluster.Asked.Count;

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await log.AppendAsync(vault, 1, ReadOnlyMemory<byte>.Empty, default));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await log.AppendAsync(vault, 1, new byte[LogEntry.ContentSizeMax + 1], default));
        Assert.Equal(asked, cluster.Asked.Count);

        Assert.Equal(
            LogStatus.Done, (await log.AppendAsync(vault, 1, new byte[LogEntry.ContentSizeMax], default)).Status);
    }

    [Fact]
    public async Task Strangers_those_who_may_not_write_and_vaults_that_do_not_exist_are_told_apart()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog owner, Digest vault) = await CreateAsync(cluster);
        MlDsa65SigningKey strangerKey = Key();
        ControlCommandLog stranger = new(
            strangerKey.Id,
            cluster,
            new CommandQueue(
                new CommandSigner(strangerKey, cluster.Cluster, _time, _random), new GroupDelivery(cluster, _time)),
            _time);
        (ControlCommandLog reader, _) = cluster.Open(Key());

        Assert.Equal(LogStatus.NotAllowed, (await stranger.AppendAsync(vault, 1, new byte[1], default)).Status);
        Assert.Contains("no account", stranger.LastFailure);
        Assert.Equal(LogStatus.NotAllowed, (await reader.AppendAsync(vault, 1, new byte[1], default)).Status);
        Assert.Equal(LogStatus.NotAllowed, await reader.TrimAsync(vault, 0, default));
        Assert.Equal(LogStatus.VaultUnknown, (await owner.AppendAsync(Salt, 1, new byte[1], default)).Status);
        Assert.Equal(LogStatus.VaultUnknown, (await reader.ReadAsync(Salt, 0, default)).Status);
        Assert.Equal(LogStatus.Done, (await reader.ReadAsync(vault, 0, default)).Status);
    }

    [Fact]
    public async Task Trimmed_entries_are_out_of_range_and_the_rest_goes_on_from_the_right_head()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        for (ulong i = 1; i <= 5; i++)
        {
            await log.AppendAsync(vault, i, new byte[1], default);
        }

        Assert.Equal(LogStatus.Done, await log.TrimAsync(vault, 3, default));
        Assert.Equal(LogStatus.OutOfRange, await log.TrimAsync(vault, 9, default));
        LogRange gone = await log.ReadAsync(vault, 0, default);
        LogRange kept = await log.ReadAsync(vault, 3, default);

        Assert.Equal((LogStatus.OutOfRange, 3UL), (gone.Status, gone.First));
        Assert.Empty(gone.Entries);
        Assert.Equal((LogStatus.Done, 2), (kept.Status, kept.Entries.Count));
        Assert.Equal(
            kept.End.Head, kept.Entries.Aggregate(kept.FirstHead, static (before, entry) => entry.HeadAfter(before)));
    }

    [Fact]
    public async Task A_node_that_is_behind_is_passed_over_and_the_own_entry_is_there_after_its_append()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        int old = cluster.Blocks;
        NodeId behind = cluster.Nodes[0];
        cluster.Bend = (node, request, honest) =>
            node == behind && request is ReadVault read ? cluster.Show(read, old) : honest();

        for (ulong i = 1; i <= 3; i++)
        {
            await log.AppendAsync(vault, i, new byte[1], default);
            LogRange range = await log.ReadAsync(vault, i - 1, default);

            Assert.Equal(i, range.End.Count);
            Assert.Single(range.Entries);
        }
    }

    [Fact]
    public async Task What_all_nodes_show_less_of_than_before_is_handed_on_so_that_the_session_sees_it()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        await log.AppendAsync(vault, 1, new byte[1], default);
        int old = cluster.Blocks;
        await log.AppendAsync(vault, 2, new byte[1], default);
        cluster.Bend = (_, request, honest) => request is ReadVault read ? cluster.Show(read, old) : honest();
        LogRange less = await log.ReadAsync(vault, 2, default);
        cluster.Bend = static (_, request, honest) =>
            request is ReadVault ? new Refused(RefusalReason.NotFound, "gone") : honest();
        LogRange nothing = await log.ReadAsync(vault, 2, default);

        Assert.Equal((LogStatus.OutOfRange, 1UL), (less.Status, less.End.Count));
        Assert.Equal((LogStatus.Done, 0UL), (nothing.Status, nothing.End.Count));
    }

    [Fact]
    public async Task Nodes_that_refuse_do_not_know_the_messages_or_answer_something_else_are_passed_over()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        cluster.Bend = (node, _, honest) => cluster.Nodes.ToList().IndexOf(node) switch
        {
            0 => new Refused(RefusalReason.UnknownMessage, "an old version"),
            1 => new Done(),
            2 => new Refused(RefusalReason.Overloaded, "no room for guests"),
            _ => honest(),
        };

        LogAppend appended = await log.AppendAsync(vault, 1, "x"u8.ToArray(), default);
        LogRange range = await log.ReadAsync(vault, 0, default);
        (LogStatus listed, IReadOnlyList<Client.Vaults.VaultSummary> vaults) =
            await Directory(log, cluster).ListAsync(default);

        Assert.Equal(new LogAppend(LogStatus.Done, 0), appended);
        Assert.Single(range.Entries);
        Assert.Equal(LogStatus.Done, listed);
        Assert.Equal(vault, Assert.Single(vaults).Vault);
    }

    [Fact]
    public async Task A_node_that_refuses_alone_does_not_keep_a_device_from_writing()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        cluster.Bend = (node, request, honest) => node == cluster.Nodes[0] && request is SubmitCommands
            ? new Refused(RefusalReason.NotAllowed, "you may not")
            : honest();

        Assert.Equal(LogStatus.Done, (await log.AppendAsync(vault, 1, new byte[1], default)).Status);
    }

    [Fact]
    public async Task Pages_that_cannot_be_are_not_taken()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        await log.AppendAsync(vault, 1, new byte[1], default);
        VaultPage page = (VaultPage)cluster.Show(new ReadVault(vault, 0, 0, 0, false), cluster.Blocks);
        VaultPage[] bent =
        [
            page with { Entries = [page.Entries[0], page.Entries[0]] },
            page with { Entries = [page.Entries[0] with { Timestamp = ulong.MaxValue }] },
            page with { Entries = [page.Entries[0] with { Content = default }] },
            page with { Standing = page.Standing with { First = 9 } },
        ];
        foreach (VaultPage bad in bent)
        {
            cluster.Bend = (_, request, honest) => request is ReadVault ? bad : honest();

            Assert.Equal(LogStatus.Unreachable, (await log.ReadAsync(vault, 0, default)).Status);
        }
    }

    [Fact]
    public async Task Waiting_ends_when_there_are_more_entries_though_a_node_never_says_so()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest vault) = await CreateAsync(cluster);
        int old = cluster.Blocks;
        cluster.Bend = (node, request, honest) =>
            node == cluster.Nodes[0] && request is ReadVault read ? cluster.Show(read, old) : honest();
        await log.AppendAsync(vault, 1, new byte[1], default);
        using CancellationTokenSource end = new();

        await log.WaitAsync(vault, 0, default);
        Task more = log.WaitAsync(vault, 1, end.Token).AsTask();
        await log.AppendAsync(vault, 2, new byte[1], default);
        await more;
        Task never = log.WaitAsync(vault, 2, end.Token).AsTask();
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public async Task Appends_to_many_vaults_at_once_go_together_and_each_gets_its_own_answer()
    {
        PretendedCluster cluster = new(_random, _time);
        (ControlCommandLog log, Digest first) = await CreateAsync(cluster);
        List<Digest> vaults = [first];
        for (byte i = 0; i < 40; i++)
        {
            Digest salt = Digest.Sha256([i]);
            Assert.Equal(LogStatus.Done, await Directory(log, cluster).CreateAsync(salt, default));
            vaults.Add(VaultCommand.IdOf(log.Writer, salt));
        }

        int blocks = cluster.Blocks;
        cluster.Bend = (_, request, honest) =>
        {
            // Somebody is slow, so that others gather.
            Thread.Yield();
            return honest();
        };

        LogAppend[] appended = await Task.WhenAll(vaults.Select((vault, i) =>
            Task.Run(async () => await log.AppendAsync(vault, i % 5 == 4 ? 7UL : 1UL, new byte[9_000], default))));

        Assert.Equal(
            vaults.Select((_, i) => i % 5 == 4 ? new LogAppend(LogStatus.WrongSequence, 1) : new LogAppend(0, 0)),
            appended);
        Assert.True(cluster.Blocks - blocks <= vaults.Count);
    }

    private static LinkMessage? Lost(LinkMessage answer) => answer is Refused ? answer : null;

    private static VaultDirectory Directory(ControlCommandLog log, PretendedCluster cluster) => new(log, cluster);

    private async Task<(ControlCommandLog Log, Digest Vault)> CreateAsync(PretendedCluster cluster)
    {
        MlDsa65SigningKey key = Key();
        (ControlCommandLog log, _) = cluster.Open(key);
        Assert.Equal(LogStatus.Done, await Directory(log, cluster).CreateAsync(Salt, default));
        return (log, VaultCommand.IdOf(key.Id, Salt));
    }

    private static async Task<List<LogEntry>> ReadAllAsync(ControlCommandLog log, Digest vault)
    {
        List<LogEntry> read = [];
        while (true)
        {
            LogRange range = await log.ReadAsync(vault, (ulong)read.Count, default);
            Assert.Equal(LogStatus.Done, range.Status);
            if (range.Entries.Count == 0)
            {
                Assert.Equal(range.End.Count, (ulong)read.Count);
                return read;
            }

            read.AddRange(range.Entries);
        }
    }

    private MlDsa65SigningKey Key() => new(_random.Bytes(32));
}
