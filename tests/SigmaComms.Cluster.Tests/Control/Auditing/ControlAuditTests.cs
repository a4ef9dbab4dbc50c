using SigmaComms.Cluster.Control.Auditing;
using SigmaComms.Cluster.Control.Blocks;
using SigmaComms.Cluster.Control.Transfer;
using SigmaComms.Consensus;

namespace SigmaComms.Cluster.Tests.Control.Auditing;

public sealed class ControlAuditTests(AuditedLog log) : IClassFixture<AuditedLog>
{
    [Fact]
    public void A_whole_log_is_executed_anew_from_the_genesis_over_the_end_of_an_epoch()
    {
        ControlAuditReport report = log.Audit(log.Copy());

        Assert.Null(report.Fault);
        Assert.Equal((1UL, 2UL), (report.First.Value, report.Epoch.Value));
        Assert.NotNull(report.StateRoot);
        Assert.True(report.ProvenHeight.Value >= log.EndHeight, report.ToString());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void Where_the_oldest_blocks_are_dropped_the_rest_is_checked_under_the_handed_over_keys(int from)
    {
        ulong first = Math.Min((ulong)from, log.EndHeight + 1);

        ControlAuditReport report = log.Audit(log.Copy(first));

        Assert.Null(report.Fault);
        Assert.Equal((first, 2UL), (report.First.Value, report.Epoch.Value));
        Assert.Null(report.StateRoot);
        Assert.True(report.Height.Value > log.EndHeight, report.ToString());
        Assert.True(report.Votes >= 3, report.ToString());
    }

    [Fact]
    public void Without_the_hand_over_to_the_oldest_block_nothing_is_believed()
    {
        string folder = log.Copy(log.EndHeight + 1);
        File.Delete(Path.Combine(folder, HandoverStore.NameOf(new Epoch(1))));

        ControlAuditReport report = log.Audit(folder);

        Assert.Contains("handed over", report.Fault, StringComparison.Ordinal);
        Assert.Equal(0, report.Certificates);
    }

    [Fact]
    public void A_hand_over_with_another_vote_is_not_believed()
    {
        string folder = log.Copy(log.EndHeight + 1);
        string path = Path.Combine(folder, HandoverStore.NameOf(new Epoch(1)));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[2_000] ^= 1;
        File.WriteAllBytes(path, bytes);

        ControlAuditReport report = log.Audit(folder);

        Assert.Contains("not proven", report.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_after_the_oldest_block_is_told()
    {
        string folder = log.Copy(2);
        string path = AuditedLog.BlocksOf(folder);
        byte[] bytes = File.ReadAllBytes(path);
        bool isHead = BlockEntry.TryRead(bytes.AsSpan(0, BlockEntry.SizeBytes), out BlockEntry first);
        int second = BlockEntry.SizeBytes + first.PayloadSize;
        while (isHead && BlockEntry.TryRead(bytes.AsSpan(second), out BlockEntry entry)
            && entry.Kind != BlockEntryKind.Block)
        {
            second += BlockEntry.SizeBytes + entry.PayloadSize;
        }

        bytes[second + BlockEntry.SizeBytes + 5] ^= 1;
        File.WriteAllBytes(path, bytes);

        ControlAuditReport report = log.Audit(folder);

        Assert.Contains("block 3 is not stored", report.Fault, StringComparison.Ordinal);
    }
}
