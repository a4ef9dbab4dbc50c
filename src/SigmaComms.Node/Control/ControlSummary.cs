using System.Globalization;
using System.Text.Json;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Control;

/// <summary>How the control log stands at one node of this data folder, in a line or two.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Status">What it answered.</param>
/// <param name="Names">Names for ids.</param>
internal sealed record ControlSummary(string Node, JsonElement Status, NodeNames Names)
{
    /// <summary>Asks one node after the other until one answers.</summary>
    /// <param name="context">The command.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">The only node to ask; null for any that runs here.</param>
    /// <returns>Null if the cluster has no control log, or no node here answers.</returns>
    public static async Task<ControlSummary?> AskAsync(CommandContext context, ClusterFile cluster, string? name)
    {
        string[] asked = !cluster.HasControlLog ? [] : name is null ? [.. context.Home.NodeNames()] : [name];
        foreach (LocalNode node in asked.Select(found => new LocalNode(context.Home, found, context.Time)))
        {
            if (node.Running is null)
            {
                continue;
            }

            ControlAnswer answer = await ControlAnswer.OfAsync(node, context.Stop);
            if (answer.Status is { } status)
            {
                return new ControlSummary(node.Name, status, new NodeNames(context.Home, cluster));
            }

            context.Output.Detail($"{answer.Fault!.What}: {answer.Fault.Why}");
        }

        return null;
    }

    /// <summary>What people read.</summary>
    public IEnumerable<string> Lines()
    {
        string by = Names.OfAll(Status.GetProperty("signedBy"));
        string place = string.Create(
            CultureInfo.InvariantCulture, $"epoch {Number("epoch")}, view {Number("view")}");
        string final = string.Create(CultureInfo.InvariantCulture, $"final up to block {Number("height")}");
        string behind = string.Create(CultureInfo.InvariantCulture, $"{Number("lag")} blocks behind");
        yield return $"Control log at {Node}: {StatusText.Text(Status, "state")}, {place}, "
            + $"leader {Names.Of(StatusText.Text(Status, "leader"))}, {final}{(by.Length > 0 ? $" by {by}" : "")}, "
            + behind;
        if (StatusText.Text(Status, "detail") is { Length: > 0 } detail)
        {
            yield return $"  {detail}";
        }
    }

    /// <summary>What the node is in the log.</summary>
    public string Role() => Status.GetProperty("isVoting").GetBoolean()
        ? string.Create(CultureInfo.InvariantCulture, $"validator, votes as incarnation {Number("incarnation")}")
        : $"learner, does not vote: {StatusText.Text(Status, "notVotingBecause")}";

    /// <summary>What programs read.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("control");
        writer.WriteString("answeredBy", Node);
        writer.WritePropertyName("status");
        Status.WriteTo(writer);
        writer.WriteEndObject();
    }

    private string Number(string name) => StatusText.Digits(Status, name);
}
