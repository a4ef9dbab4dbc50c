using System.Collections.Concurrent;
using System.Diagnostics;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cluster.Tests.Sockets;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests.Control.Hosting;

/// <summary>The control log on real sockets, disks, threads and clocks.</summary>
public sealed class RealControlTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact(Timeout = 300_000)]
    public async Task Four_nodes_on_real_sockets_and_disks_order_the_commands_of_many_clients_and_agree()
    {
        const int Clients = 32;
        const int Commands = 4;
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(4);
        Found(cluster);
        for (int i = 0; i < 4; i++)
        {
            await cluster.StartAsync(i);
        }

        await cluster.UpAsync();
        await RealCluster.UntilAsync(() => cluster.Nodes.All(
            node => node.Control!.Status() is { State: ControlState.Running, IsVoting: true }));
        ConcurrentBag<CommandAnswer> answers = [];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (int i = 0; i < Commands; i++)
            {
                answers.Add(await cluster.Nodes[client % 4].Control!.SubmitAsync(
                    MachineIds.Membership, new byte[] { 0, (byte)client, (byte)i }, Patience, CancellationToken.None));
            }
        }));
        TimeSpan took = clock.Elapsed;
        await RealCluster.UntilAsync(() => cluster.Nodes.Select(
            node => (node.Control!.Read().Digest, node.Control!.Read().Ledger.Root)).Distinct().Count() == 1);

        output.WriteLine(
            $"{answers.Count / took.TotalSeconds:F0} commands/s of {Clients} clients, "
            + $"{cluster.Nodes[0].Control!.Status().Height} blocks, {cluster.Nodes[0].Control!.Desk.Counters.Writes} "
            + $"writes, {cluster.Nodes[0].Control!.Desk.Counters.Votes} votes");
        Assert.Equal(Clients * Commands, answers.Count);
        Assert.All(answers, answer => Assert.True(answer.IsExecuted, $"{answer.Verdict} {answer.Detail}"));
        Assert.All(answers.GroupBy(answer => (answer.Client, answer.Sequence)), same => Assert.Single(same));
    }

    private static void Found(RealCluster cluster)
    {
        Digest log = ControlGenesis.ClusterOf(cluster.OptionsOf(0).Cluster);
        NodeRequest[] founders =
        [
            .. Enumerable.Range(0, 4).Select(i => ControlFounder.Request(
                cluster.OptionsOf(i).DataDirectory, SimCluster.IdentityOf(i + 1).Key, log,
                new NodePlace(NodeRoles.Validator, "", 100), [cluster.OptionsOf(i).Listen!.ToString()],
                SystemRandom.Instance)),
        ];
        ControlGenesis genesis = new(log, founders, []);
        for (int i = 0; i < 4; i++)
        {
            cluster.OptionsOf(i).Control = new ControlOptions { Genesis = genesis, WalSegmentBytes = 4 << 20 };
        }
    }
}
