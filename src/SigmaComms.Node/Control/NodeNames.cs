using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Node.Admission;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Control;

/// <summary>Names for the ids of nodes: those of the cluster file and of this data folder.</summary>
internal sealed class NodeNames
{
    private readonly Dictionary<NodeId, string> _names = [];

    /// <summary>Collects the names.</summary>
    /// <param name="home">The data folder.</param>
    /// <param name="cluster">The cluster.</param>
    public NodeNames(SigmaHome home, ClusterFile cluster)
    {
        foreach (ClusterFileNode node in cluster.Nodes)
        {
            _names[node.Id] = node.Name;
        }

        foreach (string name in home.NodeNames().Where(name => File.Exists(home.Node(name).RequestFile)))
        {
            _names.TryAdd(AdmissionRequestFile.Load(home.Node(name).RequestFile).Id, name);
        }
    }

    /// <summary>The name of a node, else the first digits of its id.</summary>
    public string Of(NodeId node) => _names.GetValueOrDefault(node) ?? node.Short;

    /// <summary>The same for an id in digits.</summary>
    public string Of(string? digits) => NodeId.TryParse(digits, out NodeId node) ? Of(node) : digits ?? "";

    /// <summary>The names of a list of ids.</summary>
    /// <param name="ids">A JSON array of ids.</param>
    public string OfAll(JsonElement ids) =>
        string.Join(", ", ids.EnumerateArray().Select(id => Of(id.GetString())).Order(StringComparer.Ordinal));

    /// <summary>The node that a person means.</summary>
    /// <param name="text">A name, or an id of 64 digits.</param>
    /// <exception cref="CommandException">Nobody is known by it.</exception>
    public NodeId Find(string text)
    {
        NodeId[] named = [.. _names.Where(known => known.Value == text).Select(known => known.Key)];
        return named.Length == 1 ? named[0]
            : NodeId.TryParse(text, out NodeId id) ? id
            : throw new CommandException(
                ExitCode.NotFound, $"no node {text}", "neither cluster.json nor this data folder knows that name",
                "give its id of 64 digits: sigma control members shows all");
    }
}
