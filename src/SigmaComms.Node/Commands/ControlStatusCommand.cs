using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control status.</summary>
internal sealed class ControlStatusCommand : Verb
{
    private readonly Argument<string?> _name = new("node")
    {
        Description = "A node of this data folder; all of them if none is named",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ControlStatusCommand()
        : base(
            "status",
            "Shows how nodes of this data folder stand in the control log. Exits with 7 when one does not follow it.",
            "sigma control status",
            "sigma control status n1 --json")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
        LocalNode[] nodes = ControlNodes.Of(context, context.Arguments.GetValue(_name));
        NodeAnswer[] answers = await Task.WhenAll(nodes.Select(node => AskAsync(node, context.Stop)));
        if (answers.All(answer => answer.Status is null))
        {
            throw answers[0].Fault!;
        }

        Show(context.Output, answers, new NodeNames(context.Home, cluster));
        return answers.All(answer => answer.IsWell) ? ExitCode.Ok : ExitCode.Partial;
    }

    private static async Task<NodeAnswer> AskAsync(LocalNode node, CancellationToken stop)
    {
        using ControlClient client = new(node);
        try
        {
            return new NodeAnswer(node.Name, await client.StatusAsync(stop), null);
        }
        catch (CommandException fault) when (fault.ExitCode == ExitCode.Unavailable)
        {
            return new NodeAnswer(node.Name, null, fault);
        }
    }

    private static void Show(Output output, IReadOnlyList<NodeAnswer> answers, NodeNames names)
    {
        TextTable table = new("node", "state", "epoch", "view", "leader", "height", "lag", "votes", "final by");
        foreach (NodeAnswer answer in answers)
        {
            table.Row(answer.Status is { } status ? Cells(answer.Name, status, names) : [
                answer.Name, "no answer", "-", "-", "-", "-", "-", "-", "-"]);
        }

        output.Table(table);
        foreach (NodeAnswer answer in answers)
        {
            output.Detail(answer.Fault is { } fault ? $"{answer.Name}: {fault.Why}" : "");
            if (answer.Status is { } status && StatusText.Text(status, "notVotingBecause") is { Length: > 0 } why)
            {
                output.Note($"{answer.Name} does not vote: {why}");
            }
        }

        output.Object(writer =>
        {
            writer.WriteStartArray("nodes");
            foreach (NodeAnswer answer in answers)
            {
                Write(writer, answer);
            }

            writer.WriteEndArray();
        });
    }

    private static string[] Cells(string name, JsonElement status, NodeNames names) =>
    [
        name,
        StatusText.Text(status, "state"),
        Number(status, "epoch"),
        Number(status, "view"),
        names.Of(StatusText.Text(status, "leader")),
        Number(status, "height"),
        Number(status, "lag"),
        status.GetProperty("isVoting").GetBoolean() ? "yes" : "no",
        names.OfAll(status.GetProperty("signedBy")),
    ];

    private static string Number(JsonElement status, string name) =>
        status.GetProperty(name).GetUInt64().ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, NodeAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", answer.Name);
        if (answer.Status is { } status)
        {
            writer.WritePropertyName("control");
            status.WriteTo(writer);
        }

        if (answer.Fault is { } fault)
        {
            writer.WriteString("why", $"{fault.What}: {fault.Why}");
        }

        writer.WriteEndObject();
    }

    private sealed record NodeAnswer(string Name, JsonElement? Status, CommandException? Fault)
    {
        public bool IsWell => Status is { } status && StatusText.Text(status, "state") == "running";
    }
}
