using System.Reflection;

namespace SigmaComms.Node.Configuration;

/// <summary>Which nodes a cluster shall have; what cluster init and up read.</summary>
/// <param name="Name">The cluster's name for people.</param>
/// <param name="Seeds">Nodes that the others join through; at least one.</param>
/// <param name="Nodes">All nodes that run here.</param>
internal sealed record ClusterPlan(string Name, IReadOnlyList<SeedFile> Seeds, IReadOnlyList<PlannedNode> Nodes)
{
    private const string EmbeddedName = "local-4.json";

    /// <summary>Reads a file and the seed files it names, or the embedded local-4.json when none is named.</summary>
    public static ClusterPlan Load(string? path)
    {
        if (path is null)
        {
            return ConfigurationObject.Read(EmbeddedName, Embedded(EmbeddedName), root => Read(root, EmbeddedSeed));
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return ConfigurationObject.ReadFile(path, root => Read(
            root, seed => ConfigurationObject.ReadFile(Path.Combine(folder, seed), SeedFile.Read)));
    }

    /// <summary>Takes a plan from the file's outermost object.</summary>
    /// <param name="root">The object.</param>
    /// <param name="readSeed">Reads the seed file of a name.</param>
    public static ClusterPlan Read(ConfigurationObject root, Func<string, SeedFile> readSeed)
    {
        string name = root.Parsed("name", NodeName.Parse, NodeName.Wanted);
        IReadOnlyList<PlannedNode> nodes = root.Objects("nodes", PlannedNode.Read);
        IReadOnlyList<SeedFile> seeds = [.. root.Texts("seeds").Select(readSeed)];
        if (nodes.Count == 0)
        {
            throw root.Fault(".nodes", "is missing or empty");
        }

        RefuseDoubles(root, nodes);
        RefuseContradictions(root, nodes, seeds);
        return new ClusterPlan(
            name, seeds.Count > 0 ? seeds : [new SeedFile(nodes[0].Name, nodes[0].Advertise, default)], nodes);
    }

    /// <summary>Whether a node is one of the seeds.</summary>
    public bool IsSeed(PlannedNode node) => Seeds.Any(seed => seed.Name == node.Name);

    private static void RefuseDoubles(ConfigurationObject root, IReadOnlyList<PlannedNode> nodes)
    {
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
    }

    private static void RefuseContradictions(
        ConfigurationObject root, IReadOnlyList<PlannedNode> nodes, IReadOnlyList<SeedFile> seeds)
    {
        for (int i = 0; i < seeds.Count; i++)
        {
            PlannedNode? local = nodes.FirstOrDefault(node => node.Name == seeds[i].Name);
            if (local is not null && local.Advertise != seeds[i].Endpoint)
            {
                throw root.Fault(
                    $".seeds[{i}]",
                        $"says {local.Name} is reached at {seeds[i].Endpoint}, .nodes says {local.Advertise}");
            }
        }
    }

    private static SeedFile EmbeddedSeed(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return ConfigurationObject.Read(name, Embedded(name), SeedFile.Read);
    }

    private static byte[] Embedded(string name)
    {
        using Stream embedded = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] content = new byte[embedded.Length];
        embedded.ReadExactly(content);
        return content;
    }
}
