using System.CommandLine;
using System.Text.Json;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control members.</summary>
internal sealed class ControlMembersCommand : Verb
{
    private readonly Option<string?> _node = NodeOption.Create("The node that is asked; else one that runs");

    public ControlMembersCommand()
        : base(
            "members",
            "Shows who belongs to the cluster as the control log says, also who does not any more.",
            "sigma control members",
            "sigma control members --node n1 --json")
    {
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
        LocalNode node = ControlNodes.Running(context, context.Arguments.GetValue(_node))[0];
        using ControlClient client = new(node);
        JsonElement answer = await client.MembersAsync(context.Stop);
        NodeNames names = new(context.Home, cluster);
        TextTable table = new("node", "id", "state", "roles", "votes", "zone", "weight", "since block");
        foreach (JsonElement member in answer.GetProperty("members").EnumerateArray())
        {
            string id = StatusText.Text(member, "node");
            table.Row(
                names.Of(id),
                id[..8],
                StateOf(member),
                StatusText.Text(member, "roles"),
                VoteOf(member),
                StatusText.Text(member, "zone"),
                StatusText.Digits(member, "weight"),
                StatusText.Digits(member, "changedAt"));
        }

        context.Output.Table(table);
        context.Output.Object(writer =>
        {
            writer.WriteString("answeredBy", node.Name);
            writer.WritePropertyName("height");
            answer.GetProperty("height").WriteTo(writer);
            writer.WritePropertyName("members");
            answer.GetProperty("members").WriteTo(writer);
        });
        return ExitCode.Ok;
    }

    private static string StateOf(JsonElement member) => StatusText.Text(member, "reason") is var reason and not "none"
        ? $"{StatusText.Text(member, "state")} ({reason})"
        : StatusText.Text(member, "state");

    private static string VoteOf(JsonElement member) =>
        member.GetProperty("isVoting").GetBoolean() ? "yes"
        : member.GetProperty("votesNext").GetBoolean() ? "from the next epoch on"
        : "no";
}
