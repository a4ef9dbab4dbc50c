using System.Net;
using System.Net.Sockets;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Demo;

/// <summary>The built-in local-4.json with its seed files, moved to free ports and written into a folder.</summary>
internal static class DemoCluster
{
    /// <summary>Writes the plan and its seed files.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The plan's path.</returns>
    public static string WritePlan(string folder)
    {
        ClusterPlan plan = ClusterPlan.Load(null);
        NodeEndpoint[] endpoints = FreeEndpoints(plan.Nodes.Count);
        Dictionary<string, NodeEndpoint> byName = [];
        for (int i = 0; i < endpoints.Length; i++)
        {
            byName[plan.Nodes[i].Name] = endpoints[i];
        }

        foreach (SeedFile seed in plan.Seeds)
        {
            SeedFile moved = seed with { Endpoint = byName[seed.Name] };
            moved.Save(Path.Combine(folder, "seed-nodes", seed.Name + ".json"));
        }

        string path = Path.Combine(folder, "cluster-config", "local-4.json");
        JsonFile.Write(path, writer =>
        {
            writer.WriteString("name", plan.Name);
            writer.WriteStartArray("seeds");
            foreach (SeedFile seed in plan.Seeds)
            {
                writer.WriteStringValue($"../seed-nodes/{seed.Name}.json");
            }

            writer.WriteEndArray();
            writer.WriteStartArray("nodes");
            foreach (PlannedNode node in plan.Nodes)
            {
                writer.WriteStartObject();
                writer.WriteString("name", node.Name);
                writer.WriteString("listen", byName[node.Name].ToString());
                node.Storage.Save(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return path;
    }

    /// <summary>Ports of this machine that nobody listens on.</summary>
    /// <param name="count">How many.</param>
    public static NodeEndpoint[] FreeEndpoints(int count)
    {
        // All are held until all are found, so that no two are the same.
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(listener =>
                new NodeEndpoint("127.0.0.1", (ushort)((IPEndPoint)listener.LocalEndpoint).Port))];
        }
        finally
        {
            foreach (TcpListener listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
