using SigmaComms.Cluster.Control;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>
/// The public description of a cluster: cluster.json. Nodes and clients need it; nothing in it is secret, but who can
/// change it decides whom its reader trusts.
/// </summary>
/// <param name="Name">The cluster's name for people.</param>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="OperatorPublicKey">ML-DSA-65 key that signs admissions.</param>
/// <param name="Nodes">Nodes to begin with; more may have joined.</param>
internal sealed record ClusterFile(
    string Name, ClusterId Cluster, ReadOnlyMemory<byte> OperatorPublicKey, IReadOnlyList<ClusterFileNode> Nodes)
{
    private const int OperatorPublicKeySize = 1952;

    /// <summary>How the cluster's control log began; empty for a cluster that has none.</summary>
    public ReadOnlyMemory<byte> GenesisBytes { get; init; }

    /// <summary>Whether the cluster has a control log.</summary>
    public bool HasControlLog => !GenesisBytes.IsEmpty;

    /// <summary>Reads the file.</summary>
    public static ClusterFile Load(string path) => ConfigurationObject.ReadFile(
        path,
        Read,
        "sigma cluster up makes a cluster here; for one elsewhere get its cluster.json, and name it with --cluster");

    /// <summary>Takes a description from the file's outermost object.</summary>
    public static ClusterFile Read(ConfigurationObject root)
    {
        string name = root.Parsed("name", NodeName.Parse, NodeName.Wanted);
        if (!ClusterId.TryParse(root.Text("cluster"), out ClusterId cluster))
        {
            throw root.Fault(".cluster", "is not 32 hexadecimal digits");
        }

        byte[] operatorKey = root.Base64("operatorPublicKey");
        if (operatorKey.Length != OperatorPublicKeySize)
        {
            throw root.Fault(".operatorPublicKey",
                $"has {operatorKey.Length} bytes, wanted are {OperatorPublicKeySize}");
        }

        IReadOnlyList<ClusterFileNode> nodes = root.Objects("nodes", node =>
            new ClusterFileNode(
                node.Parsed("name", NodeName.Parse, NodeName.Wanted), node.Id("id"), node.Endpoint("endpoint")));
        byte[] genesis = root.OptionalText("controlGenesis") is null ? [] : root.Base64("controlGenesis");
        return nodes.Count > 0
            ? new ClusterFile(name, cluster, operatorKey, nodes) { GenesisBytes = genesis }
            : throw root.Fault(".nodes", "is missing or empty");
    }

    /// <summary>How the control log began, with its founders' signatures verified; null if there is none.</summary>
    /// <exception cref="CommandException">It is damaged, or another cluster's.</exception>
    public ControlGenesis? OpenGenesis()
    {
        if (!HasControlLog)
        {
            return null;
        }

        return ControlGenesis.TryDecode(GenesisBytes.Span, out ControlGenesis? genesis)
            && genesis.Cluster == ControlGenesis.ClusterOf(Cluster)
            ? genesis
            : throw new CommandException(
                ExitCode.VerificationFailed,
                "cannot use the cluster file",
                "its controlGenesis is damaged, or of another cluster",
                "get cluster.json again from where sigma cluster init was run");
    }

    /// <summary>Writes the file anew.</summary>
    public void Save(string path) => JsonFile.Write(path, writer =>
    {
        writer.WriteString("name", Name);
        writer.WriteString("cluster", Cluster.ToString());
        writer.WriteBase64String("operatorPublicKey", OperatorPublicKey.Span);
        writer.WriteStartArray("nodes");
        foreach (ClusterFileNode node in Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", node.Name);
            writer.WriteString("id", node.Id.ToString());
            writer.WriteString("endpoint", node.Endpoint.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (HasControlLog)
        {
            writer.WriteBase64String("controlGenesis", GenesisBytes.Span);
        }
    });
}
