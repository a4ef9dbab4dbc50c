using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>What a client believes of several validators, some of which lie.</summary>
public sealed class LogQuorumTests
{
    private static readonly Digest Salt = Digest.Sha256("salt"u8);

    private readonly SeededRandom _random = new(8);
    private readonly PretendedCluster _cluster;
    private readonly LogQuorum _quorum;

    public LogQuorumTests()
    {
        _cluster = new PretendedCluster(
            _random, new InstantTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)), nodes: 7);
        _quorum = new LogQuorum(_cluster, _ => Task.FromResult(_cluster.Validators), NullLogger.Instance);
    }

    [Fact]
    public async Task Three_of_seven_that_show_one_stream_agree_though_it_grows_while_they_are_asked()
    {
        (ControlCommandLog log, Digest vault) = await CreateAsync(entries: 3);
        ulong grown = 3;
        _cluster.Bend = (_, request, honest) =>
        {
            LinkMessage answer = honest();
            if (request is ReadVault { IsLinearizable: true })
            {
                Task<LogAppend> appended = log.AppendAsync(vault, ++grown, new byte[9], default).AsTask();
                Assert.True(appended.IsCompletedSuccessfully);
            }

            return answer;
        };

        QuorumFinding finding = await _quorum.AskAsync(vault, new LogPosition(1, default), default);

        Assert.Equal((QuorumVerdict.Agreed, 3, 3, ""), (
            finding.Verdict, finding.Answered, finding.Needed, finding.Detail));
        Assert.Equal(5UL, finding.Position.Count);
    }

    [Fact]
    public async Task One_that_shows_an_older_stream_after_another_showed_more_is_told_with_its_name()
    {
        (ControlCommandLog log, Digest vault) = await CreateAsync(entries: 2);
        int old = _cluster.Blocks;
        await log.AppendAsync(vault, 3, new byte[1], default);
        _cluster.Bend = (node, request, honest) =>
            node == _cluster.Nodes[2] && request is ReadVault read ? _cluster.Show(read, old) : honest();

        QuorumFinding finding = await _quorum.AskAsync(vault, default, default);

        Assert.Equal(QuorumVerdict.Contradicted, finding.Verdict);
        Assert.Contains(_cluster.Nodes[2].Short, finding.Detail);
        Assert.Contains("2 entries", finding.Detail);
    }

    [Fact]
    public async Task One_that_was_asked_first_and_shows_another_past_is_told_as_another_past()
    {
        (ControlCommandLog log, Digest vault) = await CreateAsync(entries: 2);
        VaultPage forked = (VaultPage)_cluster.Show(new ReadVault(vault, 0, 0, 0, false), _cluster.Blocks);
        forked = forked with { Standing = forked.Standing with { Head = Salt }, Entries = [] };
        NodeId? liar = null;
        _cluster.Bend = (node, request, honest) =>
            request is ReadVault && (liar ??= node) == node ? forked : honest();

        QuorumFinding same = await _quorum.AskAsync(vault, default, default);
        await log.AppendAsync(vault, 3, new byte[1], default);
        liar = null;
        QuorumFinding longer = await _quorum.AskAsync(vault, default, default);

        Assert.Equal(QuorumVerdict.Contradicted, same.Verdict);
        Assert.Contains("forked", same.Detail);
        Assert.Equal(QuorumVerdict.Contradicted, longer.Verdict);
        Assert.Contains("another past", longer.Detail);
    }

    [Fact]
    public async Task Less_or_something_else_than_was_seen_before_is_told_though_all_agree()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);

        QuorumFinding less = await _quorum.AskAsync(vault, new LogPosition(9, Salt), default);
        QuorumFinding other = await _quorum.AskAsync(vault, new LogPosition(2, Salt), default);
        QuorumFinding none = await _quorum.AskAsync(Salt, new LogPosition(2, Salt), default);

        Assert.Equal(QuorumVerdict.Contradicted, less.Verdict);
        Assert.Contains("rolled back", less.Detail);
        Assert.Equal(QuorumVerdict.Contradicted, other.Verdict);
        Assert.Contains("forked", other.Detail);
        Assert.Equal(QuorumVerdict.Contradicted, none.Verdict);
    }

    [Fact]
    public async Task Those_that_refuse_do_not_answer_or_are_no_validators_do_not_count()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (node, _, honest) => _cluster.Nodes.ToList().IndexOf(node) switch
        {
            0 or 1 => new Refused(RefusalReason.Unavailable, "no quorum"),
            2 or 3 => null,
            4 => new Refused(RefusalReason.UnknownMessage, "an old version"),
            _ => honest(),
        };

        QuorumFinding few = await _quorum.AskAsync(vault, default, default);
        _cluster.Bend = (node, _, honest) =>
            node == _cluster.Nodes[0] || node == _cluster.Nodes[1] ? null : honest();
        QuorumFinding enough = await _quorum.AskAsync(vault, default, default);
        QuorumFinding unknown = await _quorum.AskAsync(Salt, default, default);

        Assert.Equal((QuorumVerdict.TooFew, 2, 3), (few.Verdict, few.Answered, few.Needed));
        Assert.Equal((QuorumVerdict.Agreed, 2UL), (enough.Verdict, enough.Position.Count));
        Assert.Equal(QuorumVerdict.VaultUnknown, unknown.Verdict);
    }

    private async Task<(ControlCommandLog Log, Digest Vault)> CreateAsync(int entries)
    {
        MlDsa65SigningKey key = new(_random.Bytes(32));
        (ControlCommandLog log, _) = _cluster.Open(key);
        await new VaultDirectory(log, _cluster).CreateAsync(Salt, default);
        Digest vault = VaultCommand.IdOf(key.Id, Salt);
        for (ulong i = 1; i <= (ulong)entries; i++)
        {
            await log.AppendAsync(vault, i, new byte[10], default);
        }

        return (log, vault);
    }
}
