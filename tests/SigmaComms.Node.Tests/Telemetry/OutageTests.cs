using System.Globalization;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Telemetry;
using SigmaComms.Node.Tests.Configuration;
using SigmaComms.OtlpSink;

namespace SigmaComms.Node.Tests.Telemetry;

/// <summary>A long outage of the log server, with the whole pipeline and nothing beside it in the process.</summary>
[Collection(nameof(AloneCollection))]
public sealed class OutageTests
{
    private const int Events = 200_000;
    private const int Warm = 40_000;
    private const int AtOnce = 8_000;
    private const int BoundMegabytes = 4;
    private const long GrowthMax = 8 << 20;
    private const int ExportedAtOnce = 512;

    [Fact]
    public async Task Memory_stays_flat_the_disk_bound_holds_and_all_within_it_arrives_when_the_server_is_back()
    {
        await using SeqSink sink = await SeqSink.StartAsync();
        await using ObservedNode node = new()
        {
            Configuration = new TelemetryConfiguration
            {
                Seq = sink.Url, LogFile = LogFileRolling.Off, SpoolMegabytes = BoundMegabytes,
            },
        };
        node.Begin();
        sink.Fault = SinkFault.Unavailable;

        Tell(node, 0, Warm);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Tell(node, Warm, Events);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        SpoolState during = node.Telemetry.State!;
        long onDisk = OnDisk(node.Folder.SpoolFolder);
        sink.Fault = SinkFault.None;
        await ObservedNode.UntilAsync(() => node.Telemetry.State is { IsReachable: true, WaitingBatches: 0 });

        Assert.InRange(after - before, long.MinValue, GrowthMax);
        Assert.InRange(onDisk, BoundMegabytes << 19, BoundMegabytes << 20);
        Assert.InRange(during.WaitingBytes, 1, BoundMegabytes << 20);
        Assert.InRange(during.Dropped, 100, Events);
        int[] arrived = [.. sink.Events.Select(static told =>
            int.Parse(told["Number"]!, CultureInfo.InvariantCulture))];
        Assert.InRange(arrived.Length, 2_000, Events / 2);

        // The batch that was on its way while the server came back may be older than what the bound has place for.
        int[] kept = arrived[0] == Events - arrived.Length ? arrived : [.. arrived.SkipWhile(
            (number, at) => at < ExportedAtOnce && number - arrived[0] == at)];
        Assert.Equal(Enumerable.Range(Events - kept.Length, kept.Length), kept);
    }

    // What memory has no place for would be dropped there: each part is handed to the disk before the next is told.
    private static void Tell(ObservedNode node, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            node.Logger.ActorFailed(null, "n1", 7, "/user/node/mailboxes/$1", "MailboxActor", i);
            if (i % AtOnce == AtOnce - 1)
            {
                node.Telemetry.Flush();
            }
        }
    }

    private static long OnDisk(string folder) =>
        Directory.GetFiles(folder).Sum(static file => (new FileInfo(file).Length + 4_095) / 4_096 * 4_096);
}
