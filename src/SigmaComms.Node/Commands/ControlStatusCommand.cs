using System.CommandLine;
using System.Text.Json;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
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

    private readonly Option<string[]> _at = new("--at")
    {
        HelpName = "HOST:PORT",
        Description = "Where a node answers operators, on any machine; may be repeated. Token: as for sigma status",
    };

    public ControlStatusCommand()
        : base(
            "status",
            "Shows how nodes, here or with --at elsewhere, stand in the control log; 7 when one does not follow it.",
            "sigma control status",
            "sigma control status n1 --json",
            "sigma control status --at 10.0.0.7:7201")
    {
        Add(_name);
        Add(_at);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
        ControlAnswer[] answers = await Task.WhenAll(Ask(context));
        if (answers.All(answer => answer.Status is null))
        {
            throw answers[0].Fault!;
        }

        Show(context.Output, answers, new NodeNames(context.Home, cluster));
        return answers.All(answer => answer.IsWell) ? ExitCode.Ok : ExitCode.Partial;
    }

    private Task<ControlAnswer>[] Ask(CommandContext context)
    {
        string? name = context.Arguments.GetValue(_name);
        string[] places = context.Arguments.GetValue(_at) ?? [];
        if (places.Length > 0 && name is not null)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot ask both", $"{name} is of this data folder, --at is anywhere",
                "give one of them");
        }

        return places.Length > 0
            ? [.. places.Select(EndpointOf).Select(place => ControlAnswer.OfAsync(place, context.Stop))]
            : [.. ControlNodes.Of(context, name).Select(node => ControlAnswer.OfAsync(node, context.Stop))];
    }

    private static NodeEndpoint EndpointOf(string text) => NodeEndpoint.TryParse(text, out NodeEndpoint? endpoint)
        ? endpoint!
        : throw new CommandException(
            ExitCode.Usage, "cannot ask there", $"\"{text}\" is no endpoint", "write host:port, port 1 to 65535");

    private static void Show(Output output, IReadOnlyList<ControlAnswer> answers, NodeNames names)
    {
        TextTable table = new("node", "state", "epoch", "view", "leader", "height", "lag", "votes", "final by");
        foreach (ControlAnswer answer in answers)
        {
            table.Row(answer.Status is { } status ? Cells(answer.Name, status, names) : [
                answer.Name, "no answer", "-", "-", "-", "-", "-", "-", "-"]);
        }

        output.Table(table);
        foreach (ControlAnswer answer in answers)
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
            foreach (ControlAnswer answer in answers)
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
        StatusText.Digits(status, "epoch"),
        StatusText.Digits(status, "view"),
        names.Of(StatusText.Text(status, "leader")),
        StatusText.Digits(status, "height"),
        StatusText.Digits(status, "lag"),
        status.GetProperty("isVoting").GetBoolean() ? "yes" : "no",
        names.OfAll(status.GetProperty("signedBy")),
    ];

    private static void Write(Utf8JsonWriter writer, ControlAnswer answer)
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
}
