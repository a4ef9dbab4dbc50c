using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus.Wire;
using SigmaComms.Simulation.Checks;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Runs;

/// <summary>A large cluster on calm links, with signatures as long as true ones, to count what it sends.</summary>
internal static class LargeCluster
{
    private const ulong BlocksBefore = 3;

    /// <summary>Runs until all clients are done and counts.</summary>
    /// <param name="validators">How many.</param>
    /// <param name="clients">How many ask at once, each one command after the other.</param>
    /// <param name="operationsPerClient">How many commands of each.</param>
    /// <param name="linkMax">The longest way of a message.</param>
    /// <param name="isUnderLoad">Count only while all clients ask: neither the beginning nor the end.</param>
    public static TrafficFigures Measure(
        int validators, int clients, int operationsPerClient, TimeSpan linkMax, bool isUnderLoad = false)
    {
        World world = new(31, Genesis.Of(FastScheme.FullSize, validators));
        world.Network.Profile = LinkProfile.Calm with { DelayMax = linkMax };
        NodeOptions options = new() { DiskRates = new FaultRates { SyncFor = TimeSpan.FromMilliseconds(1) } };
        for (int i = 0; i < validators; i++)
        {
            world.Add(new SimNode(world, i, world.Genesis.Identities[i], options, i)).Boot();
        }

        List<SimClient> asking = [];
        for (int i = 0; i < clients; i++)
        {
            asking.Add(new SimClient(
                world, i, operationsPerClient, TimeSpan.FromMilliseconds(isUnderLoad ? 40 : 1), HostFlaw.None));
            asking[i].Continue();
        }

        // Under load: from when all have begun until the first is done.
        bool hasBegun = !isUnderLoad || world.Schedule.RunUntil(
            TimeSpan.FromMinutes(2), () => world.Oracle.FinalHeight.Value >= BlocksBefore);
        Dictionary<(int, MessageId), long> before = isUnderLoad ? new(world.Network.SentBytes) : [];
        ulong height = isUnderLoad ? world.Oracle.FinalHeight.Value : 0;
        bool isDone = world.Schedule.RunUntil(
            TimeSpan.FromMinutes(2),
            () => isUnderLoad ? asking.Exists(client => client.IsDone) : asking.TrueForAll(client => client.IsDone));
        Oracle.Require(hasBegun && isDone, "a calm cluster answers", $"{validators} validators");
        return Count(world, validators, clients, before, height);
    }

    private static TrafficFigures Count(
        World world, int validators, int clients, Dictionary<(int, MessageId), long> before, ulong height)
    {
        SortedDictionary<MessageId, long> byKind = [];
        long[] votes = new long[validators];
        long[] all = new long[validators];
        foreach (((int node, MessageId id), long sent) in world.Network.SentBytes)
        {
            long bytes = sent - before.GetValueOrDefault((node, id));
            byKind[id] = byKind.GetValueOrDefault(id) + bytes;
            all[node] += bytes;
            votes[node] += id == MessageId.VoteCast ? bytes : 0;
        }

        return new TrafficFigures(
            validators, clients, world.Oracle.FinalHeight.Value - height, byKind, votes.Max(), all.Max());
    }
}
