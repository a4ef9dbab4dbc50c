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
    public static TrafficFigures Measure(int validators, int clients, int operationsPerClient, TimeSpan linkMax)
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
            asking.Add(new SimClient(world, i, operationsPerClient, TimeSpan.FromMilliseconds(1), HostFlaw.None));
            asking[i].Continue();
        }

        bool isDone = world.Schedule.RunUntil(
            TimeSpan.FromMinutes(2), () => asking.TrueForAll(client => client.IsDone));
        Oracle.Require(isDone, "a calm cluster answers", $"{validators} validators");
        return Count(world, validators, clients);
    }

    private static TrafficFigures Count(World world, int validators, int clients)
    {
        SortedDictionary<MessageId, long> byKind = [];
        long[] votes = new long[validators];
        long[] all = new long[validators];
        foreach (((int node, MessageId id), long bytes) in world.Network.SentBytes)
        {
            byKind[id] = byKind.GetValueOrDefault(id) + bytes;
            all[node] += bytes;
            votes[node] += id == MessageId.VoteCast ? bytes : 0;
        }

        return new TrafficFigures(
            validators, clients, world.Oracle.FinalHeight.Value, byKind, votes.Max(), all.Max());
    }
}
