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

    public LogQuorumTests() => _cluster = new PretendedCluster(
        _random, new InstantTime(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero)), nodes: 7);

    [Fact]
    public async Task Three_of_seven_that_prove_what_they_show_agree_though_it_grows_while_they_are_asked()
    {
        (ControlCommandLog log, Digest vault) = await CreateAsync(entries: 3);
        ulong grown = 3;
        _cluster.Bend = (_, request, honest) =>
        {
            LinkMessage answer = honest();
            if (request is GetStateProof)
            {
                Assert.True(log.AppendAsync(vault, ++grown, new byte[9], default).AsTask().IsCompletedSuccessfully);
            }

            return answer;
        };

        QuorumFinding finding = await AskAsync(vault, At(vault, 2));

        Assert.Equal((QuorumVerdict.Agreed, 3, 3, ""), (
            finding.Verdict, finding.Answered, finding.Needed, finding.Detail));
        Assert.Equal(At(vault, 5), finding.Position);
    }

    [Fact]
    public async Task As_many_liars_as_there_may_be_that_withhold_the_tail_do_not_hide_it()
    {
        (ControlCommandLog log, Digest vault) = await CreateAsync(entries: 2);
        await _cluster.OpenProvenAsync(new MlDsa65SigningKey(_random.Bytes(32)));
        _cluster.Pass(TimeSpan.FromSeconds(1));
        int old = _cluster.Chain.Last;
        await log.AppendAsync(vault, 3, new byte[1], default);
        _cluster.Bend = (node, request, honest) => IsLiar(node) && request is GetStateProof ask
            ? _cluster.Chain.Show(ask, old)
            : honest();

        QuorumFinding finding = await AskAsync(vault, At(vault, 2));

        Assert.Equal((QuorumVerdict.Agreed, 3), (finding.Verdict, finding.Answered));
        Assert.Equal(At(vault, 3), finding.Position);
    }

    [Fact]
    public async Task Liars_that_sign_what_they_show_alone_count_for_nothing_and_stop_nobody()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (node, request, honest) =>
        {
            LinkMessage answer = honest();
            return IsLiar(node) && request is GetStateProof ask
                ? _cluster.Chain.Show(ask, _cluster.Chain.Last, voters: 4)
                : answer;
        };

        QuorumFinding finding = await AskAsync(vault, default);

        Assert.Equal((QuorumVerdict.Agreed, 3, 2UL), (finding.Verdict, finding.Answered, finding.Position.Count));
        Assert.All(_cluster.Nodes.Take(2), liar => Assert.Contains(liar, _cluster.Distrusted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_past_that_was_forged_for_this_client_is_told_whether_it_is_shorter_as_long_or_longer(int seen)
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        LogPosition forged = new((ulong)seen, Digest.Sha256("what never was"u8));
        _cluster.Bend = (node, request, honest) => IsLiar(node) && request is ReadVault
            ? ((VaultPage)honest()) with { HeadBefore = forged.Head }
            : honest();

        QuorumFinding finding = await AskAsync(vault, forged);

        Assert.Equal(QuorumVerdict.Contradicted, finding.Verdict);
        Assert.Contains(seen > 2 ? "rolled back" : "forked", finding.Detail, StringComparison.Ordinal);
        Assert.Equal(At(vault, 2), finding.Position);
    }

    [Fact]
    public async Task That_a_vault_is_gone_which_was_seen_is_told()
    {
        await CreateAsync(entries: 2);

        QuorumFinding none = await AskAsync(Salt, new LogPosition(2, Salt));

        Assert.Equal(QuorumVerdict.Contradicted, none.Verdict);
        Assert.Contains("no such vault", none.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_that_refuse_do_not_answer_or_know_no_proofs_do_not_count()
    {
        (_, Digest vault) = await CreateAsync(entries: 2);
        _cluster.Bend = (node, _, honest) => _cluster.Nodes.ToList().IndexOf(node) switch
        {
            0 or 1 => new Refused(RefusalReason.Unavailable, "no quorum"),
            2 or 3 => null,
            4 => new Refused(RefusalReason.UnknownMessage, "an old version"),
            _ => honest(),
        };

        QuorumFinding few = await AskAsync(vault, default);
        _cluster.Bend = (node, _, honest) =>
            node == _cluster.Nodes[0] || node == _cluster.Nodes[1] ? null : honest();
        QuorumFinding enough = await AskAsync(vault, default);
        QuorumFinding unknown = await AskAsync(Salt, default);

        Assert.Equal((QuorumVerdict.TooFew, 2, 3), (few.Verdict, few.Answered, few.Needed));
        Assert.Equal((QuorumVerdict.Agreed, 2UL), (enough.Verdict, enough.Position.Count));
        Assert.Equal(QuorumVerdict.VaultUnknown, unknown.Verdict);
    }

    private async Task<QuorumFinding> AskAsync(Digest vault, LogPosition remembered) =>
        await new LogQuorum(await _cluster.WitnessAsync(), _cluster, NullLogger.Instance)
            .AskAsync(vault, remembered, default);

    /// <summary>Two of seven, as many as may lie; they are asked first.</summary>
    private bool IsLiar(NodeId node) => node == _cluster.Nodes[0] || node == _cluster.Nodes[1];

    private LogPosition At(Digest vault, ulong count) => new(count, _cluster.Find(vault)!.HeadAt(count));

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
