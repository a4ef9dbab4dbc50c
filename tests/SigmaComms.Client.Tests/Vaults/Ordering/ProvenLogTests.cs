using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>Nothing that one node says of a vault's log is taken for true before it is certified.</summary>
public sealed class ProvenLogTests
{
    private static readonly Digest Salt = Digest.Sha256("salt"u8);

    private readonly SeededRandom _random = new(9);
    private readonly MlDsa65SigningKey _device;
    private readonly PretendedCluster _cluster;
    private NodeId? _liar;

    public ProvenLogTests()
    {
        _cluster = new PretendedCluster(
            _random, new InstantTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)));
        _device = new MlDsa65SigningKey(_random.Bytes(32));
    }

    [Fact]
    public async Task What_was_ordered_is_done_once_it_is_certified_and_is_read_back()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 0);

        for (ulong i = 1; i <= 5; i++)
        {
            LogAppend appended = await log.AppendAsync(vault, i, new byte[] { 1, 2 }, default);

            Assert.Equal(new LogAppend(LogStatus.Done, i - 1), appended);
        }

        LogRange range = await log.ReadAsync(vault, 2, default);

        Assert.Equal(LogStatus.Done, range.Status);
        Assert.Equal([2UL, 3, 4], range.Entries.Select(entry => entry.Index));
        Assert.Equal(End(vault), range.End);
        Assert.Empty(_cluster.Distrusted);
    }

    [Theory]
    [InlineData(6UL)]
    [InlineData(2UL)]
    public async Task A_node_that_says_an_append_is_done_that_it_never_ordered_is_not_believed_and_the_next_try_counts(
        ulong claimed)
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 3);
        await log.ReadAsync(vault, 0, default);
        _cluster.Bend = (node, request, honest) => request is SubmitCommands && IsLiar(node)
            ? new CommandsOrdered(99, [Executed(new VaultReply(VaultStatus.Done, claimed, Salt))])
            : honest();

        LogAppend forged = await log.AppendAsync(vault, 4, new byte[] { 1 }, default);
        LogRange seen = await log.ReadAsync(vault, 3, default);
        LogAppend again = await log.AppendAsync(vault, 4, new byte[] { 1 }, default);

        Assert.Equal(claimed > 3 ? LogStatus.Unreachable : LogStatus.Done, forged.Status);
        Assert.Equal((3UL, 0), (seen.End.Count, seen.Entries.Count));
        Assert.Equal(new LogAppend(LogStatus.Done, 3), again);
        Assert.Equal(4UL, _cluster.Find(vault)!.Count);
        Assert.Contains(_liar!.Value, _cluster.Distrusted);
    }

    [Fact]
    public async Task An_entry_that_a_node_refused_and_ordered_afterwards_is_seen_and_counts_once()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 1);
        await log.AppendAsync(vault, 2, new byte[] { 5 }, default); // Its session with the log is open from now on.
        SubmitCommands? kept = null;
        _cluster.Bend = (node, request, honest) =>
        {
            kept ??= request as SubmitCommands;
            return request is SubmitCommands && IsLiar(node)
                ? new CommandsOrdered(5, [Executed(new VaultReply(VaultStatus.NotAllowed, 2, Salt))])
                : honest();
        };

        LogAppend refused = await log.AppendAsync(vault, 3, new byte[] { 7 }, default);
        _cluster.Bend = static (_, _, honest) => honest();
        await _cluster.AskAsync(kept!, static _ => true, TimeSpan.FromSeconds(1), default);
        LogRange seen = await log.ReadAsync(vault, 2, default);
        LogAppend again = await log.AppendAsync(vault, 3, new byte[] { 7 }, default);

        Assert.Equal(LogStatus.NotAllowed, refused.Status);
        Assert.Equal((3UL, 1), (seen.End.Count, seen.Entries.Count));
        Assert.Equal(new LogAppend(LogStatus.WrongSequence, 4), again);
    }

    [Fact]
    public async Task Without_anybody_who_proves_it_an_append_has_an_unknown_fate_though_it_was_ordered()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 1);
        await log.ReadAsync(vault, 0, default);
        _cluster.Bend = (_, request, honest) => request is GetStateProof
            ? new Refused(RefusalReason.Unavailable, "no quorum")
            : honest();

        LogAppend unknown = await log.AppendAsync(vault, 2, new byte[] { 7 }, default);
        LogRange seen = await log.ReadAsync(vault, 1, default);
        _cluster.Bend = static (_, _, honest) => honest();
        LogRange later = await log.ReadAsync(vault, 1, default);

        Assert.Equal(LogStatus.Unreachable, unknown.Status);
        Assert.Equal((1UL, 0), (seen.End.Count, seen.Entries.Count));
        Assert.Equal((2UL, 1), (later.End.Count, later.Entries.Count));
    }

    [Fact]
    public async Task A_node_that_withholds_the_newest_entries_hides_them_from_nobody_who_opens_the_vault()
    {
        (ProvenCommandLog writer, Digest vault) = await CreateAsync(entries: 2);
        await writer.ReadAsync(vault, 0, default);
        (int blocks, int shown) = (_cluster.Blocks, _cluster.Chain.Last);
        Assert.Equal(LogStatus.Done, (await writer.AppendAsync(vault, 3, new byte[] { 3 }, default)).Status);
        _cluster.Bend = (node, request, honest) => (IsLiar(node), request) switch
        {
            (true, ReadVault read) => _cluster.Show(read, blocks),
            (true, GetStateProof ask) => _cluster.Chain.Show(ask, shown),
            _ => honest(),
        };
        ProvenCommandLog reader = await _cluster.OpenProvenAsync(new MlDsa65SigningKey(_random.Bytes(32)));

        LogRange range = await reader.ReadAsync(vault, 0, default);

        Assert.Equal(3, range.Entries.Count);
        Assert.Equal(End(vault), range.End);
    }

    [Fact]
    public async Task Too_few_validators_that_prove_what_they_show_open_no_vault()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (node, request, honest) => request is GetStateProof && !IsLiar(node)
            ? new Refused(RefusalReason.Unavailable, "no quorum")
            : honest();
        ProvenCommandLog reader = await _cluster.OpenProvenAsync(new MlDsa65SigningKey(_random.Bytes(32)));

        LogRange range = await reader.ReadAsync(vault, 0, default);

        Assert.Equal(LogStatus.Unreachable, range.Status);
        Assert.Empty(range.Entries);
    }

    [Fact]
    public async Task Without_a_quorum_what_was_certified_is_read_by_whom_that_is_enough_who_is_told()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (_, request, honest) =>
            request is GetStateProof { IsLinearizable: true } or ReadVault { IsLinearizable: true }
                ? new Refused(RefusalReason.Unavailable, "no quorum")
                : honest();
        VaultWitness witness = await _cluster.WitnessAsync();
        (ControlCommandLog log, _) = _cluster.Open(new MlDsa65SigningKey(_random.Bytes(32)));
        ProvenCommandLog reader = new(log, witness);

        LogRange refused = await reader.ReadAsync(vault, 0, default);
        witness.MayBeBehind = true;
        bool wasBehind = witness.IsBehind;
        LogRange range = await reader.ReadAsync(vault, 0, default);

        Assert.Equal((LogStatus.Unreachable, false), (refused.Status, wasBehind));
        Assert.Equal((LogStatus.Done, 2), (range.Status, range.Entries.Count));
        Assert.Equal(End(vault), range.End);
        Assert.True(witness.IsBehind);
    }

    [Fact]
    public async Task With_a_quorum_nobody_is_told_that_it_may_not_be_the_newest()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        VaultWitness witness = await _cluster.WitnessAsync();
        witness.MayBeBehind = true;
        (ControlCommandLog log, _) = _cluster.Open(new MlDsa65SigningKey(_random.Bytes(32)));

        LogRange range = await new ProvenCommandLog(log, witness).ReadAsync(vault, 0, default);

        Assert.Equal(2, range.Entries.Count);
        Assert.False(witness.IsBehind);
    }

    [Fact]
    public async Task Entries_that_a_node_adds_leaves_out_or_changes_are_not_handed_on_and_another_is_asked()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 4);
        Func<VaultPage, VaultPage>[] lies =
        [
            static page => page with
            {
                Entries = [.. page.Entries, page.Entries[0]],
                Standing = page.Standing with { Count = page.Standing.Count + 1 },
            },
            static page => page with { Entries = [page.Entries[1], page.Entries[0], .. page.Entries.Skip(2)] },
            static page => page with
            {
                Entries = [page.Entries[0] with { Content = new byte[9] }, .. page.Entries.Skip(1)],
            },
            static page => page with { Entries = [], Standing = page.Standing with { First = 2 } },
        ];
        foreach (Func<VaultPage, VaultPage> lie in lies)
        {
            _cluster.Distrusted.Clear();
            _liar = null;
            _cluster.Bend = (node, request, honest) =>
                request is ReadVault && IsLiar(node) && honest() is VaultPage page ? lie(page) : honest();

            LogRange range = await log.ReadAsync(vault, 0, default);

            Assert.Equal((LogStatus.Done, 4, 0UL), (range.Status, range.Entries.Count, range.First));
            Assert.Equal(End(vault), range.End);
            Assert.Equal(
                range.End.Head,
                range.Entries.Aggregate(LogEntry.StartOf(vault), static (head, entry) => entry.HeadAfter(head)));
            Assert.Equal([_liar!.Value], _cluster.Distrusted);
        }
    }

    [Fact]
    public async Task Of_a_long_stream_a_false_page_shows_at_its_end_and_who_begins_anew_reads_all_of_it_elsewhere()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 0);
        for (ulong i = 1; i <= 12; i++)
        {
            await log.AppendAsync(vault, i, new byte[60_000], default);
        }

        _cluster.Bend = (node, request, honest) =>
            request is ReadVault { From: 0 } && IsLiar(node) && honest() is VaultPage page
                ? page with { Entries = [page.Entries[0] with { Content = new byte[9] }, .. page.Entries.Skip(1)] }
                : honest();
        ProvenCommandLog reader = await _cluster.OpenProvenAsync(new MlDsa65SigningKey(_random.Bytes(32)));

        (Digest astray, LogPosition end) = await FollowAsync(reader, vault);
        (Digest head, LogPosition sameEnd) = await FollowAsync(reader, vault);

        Assert.NotEqual(end.Head, astray);
        Assert.Contains(_liar!.Value, _cluster.Distrusted);
        Assert.Equal(sameEnd.Head, head);
        Assert.Equal(End(vault), sameEnd);
    }

    [Fact]
    public async Task A_node_that_speaks_of_entries_nobody_certifies_is_asked_last_and_costs_the_next_read_nothing()
    {
        (ProvenCommandLog log, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (node, request, honest) =>
            request is ReadVault && IsLiar(node) && honest() is VaultPage page
                ? page with { Standing = page.Standing with { Count = 1_000 } }
                : honest();

        LogRange first = await log.ReadAsync(vault, 0, default);
        int asked = _cluster.Asked.Count;
        LogRange second = await log.ReadAsync(vault, 2, default);

        Assert.Equal((2, 2UL), (first.Entries.Count, first.End.Count));
        Assert.Equal(2UL, second.End.Count);
        Assert.Equal([_liar!.Value], _cluster.Distrusted);
        Assert.Equal(1, _cluster.Asked.Count - asked);
    }

    /// <summary>Whoever is asked first of what is lied about, and only that one.</summary>
    private bool IsLiar(NodeId node) => (_liar ??= node) == node;

    private static async Task<(Digest Head, LogPosition End)> FollowAsync(ProvenCommandLog log, Digest vault)
    {
        Digest head = LogEntry.StartOf(vault);
        ulong count = 0;
        while (true)
        {
            LogRange range = await log.ReadAsync(vault, count, default);
            Assert.Equal(LogStatus.Done, range.Status);
            head = range.Entries.Aggregate(head, static (before, entry) => entry.HeadAfter(before));
            count += (ulong)range.Entries.Count;
            if (count == range.End.Count)
            {
                return (head, range.End);
            }

            Assert.NotEmpty(range.Entries);
        }
    }

    private static OrderedCommand Executed(VaultReply reply) => new((byte)CommandOutcome.Executed, reply.Encode());

    private LogPosition End(Digest vault) => new(_cluster.Find(vault)!.Count, _cluster.Find(vault)!.Head);

    private async Task<(ProvenCommandLog Log, Digest Vault)> CreateAsync(int entries)
    {
        (ControlCommandLog log, _) = _cluster.Open(_device);
        await new VaultDirectory(log, _cluster).CreateAsync(Salt, default);
        Digest vault = VaultCommand.IdOf(_device.Id, Salt);
        for (ulong i = 1; i <= (ulong)entries; i++)
        {
            await log.AppendAsync(vault, i, new byte[10], default);
        }

        return (await _cluster.OpenProvenAsync(_device, process: 2), vault);
    }
}
