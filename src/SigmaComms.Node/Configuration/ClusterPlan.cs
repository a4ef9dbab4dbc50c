using System.Reflection;

namespace SigmaComms.Node.Configuration;

/// <summary>Which nodes a cluster shall have; what cluster init and up read.</summary>
/// <param name="Name">The cluster's name for people.</param>
/// <param name="Seeds">Names of nodes that the others join through; at least one.</param>
/// <param name="Nodes">All nodes.</param>
internal sealed record ClusterPlan(string Name, IReadOnlyList<string> Seeds, IReadOnlyList<PlannedNode> Nodes)
{
    private const string EmbeddedName = "local-4.json";

    /// <summary>Reads a file, or the embedded local-4.json when none is named.</summary>
    public static ClusterPlan Load(string? path)
    {
        if (path is not null)
        {
            return ConfigurationObject.ReadFile(path, Read);
        }

        using Stream embedded = Assembly.GetExecutingAssembly().GetManifestResourceStream(EmbeddedName)!;
        byte[] content = new byte[embedded.Length];
        embedded.ReadExactly(content);
        return ConfigurationObject.Read(EmbeddedName, content, Read);
    }

    /// <summary>Takes a plan from the file's outermost object.</summary>
    public static ClusterPlan Read(ConfigurationObject root)
    {
        string name = root.Parsed("name", NodeName.Parse, NodeName.Wanted);
        IReadOnlyList<PlannedNode> nodes = root.Objects("nodes", PlannedNode.Read);
        IReadOnlyList<string> seeds = root.Texts("seeds");
        if (nodes.Count == 0)
        {
            throw root.Fault(".nodes", "is missing or empty");
        }

        HashSet<string> names = [];
        HashSet<string> endpoints = [];
        for (int i = 0; i < nodes.Count; i++)
        {
            if (!names.Add(nodes[i].Name))
            {
                throw root.Fault($".nodes[{i}].name", $"is \"{nodes[i].Name}\", which another node has already");
            }

            if (!endpoints.Add(nodes[i].Advertise.ToString()))
            {
                throw root.Fault($".nodes[{i}]", $"would be reached at {nodes[i].Advertise}, as another node is");
            }
        }

        for (int i = 0; i < seeds.Count; i++)
        {
            if (!names.Contains(seeds[i]))
            {
                throw root.Fault($".seeds[{i}]", $"is \"{seeds[i]}\", which is no node of this file");
            }
        }

        return new ClusterPlan(name, seeds.Count > 0 ? seeds : [nodes[0].Name], nodes);
    }
}
