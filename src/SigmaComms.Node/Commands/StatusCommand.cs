using System.CommandLine;
using System.Text.Json;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Web;

namespace SigmaComms.Node.Commands;

/// <summary>sigma status.</summary>
internal sealed class StatusCommand : Verb
{
    private readonly Argument<string?> _name = new("node")
    {
        Description = "A node of this data folder; all of them if none is named",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _tree = new("--tree") { Description = "Every actor with its state" };

    public StatusCommand()
        : base(
            "status",
            "Shows the health of nodes of this data folder. Exits with 7 when one is unhealthy or does not answer.",
            "sigma status",
            "sigma status n1 --tree",
            "sigma status --json")
    {
        Add(_name);
        Add(_tree);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string? name = context.Arguments.GetValue(_name);
        LocalNode[] nodes = name is null
            ? [.. context.Home.NodeNames().Select(found => new LocalNode(context.Home, found, context.Time))]
            : [NodeChoice.Of(context, name)];
        if (nodes.Length == 0)
        {
            throw new CommandException(
                ExitCode.NotFound, "no node to ask", $"{context.Home.NodesFolder} holds none",
                "make a cluster: sigma cluster up; or name its data folder with --home");
        }

        NodeAnswer[] answers = await Task.WhenAll(nodes.Select(node => AskAsync(context, node)));
        Show(context.Output, answers);
        CommandException[] faults = [.. answers.Select(static answer => answer.Fault).OfType<CommandException>()];
        if (faults.Length == answers.Length)
        {
            throw faults[0];
        }

        return faults.Length > 0 || answers.Any(static answer => answer.Verdict == "unhealthy")
            ? ExitCode.Partial
            : ExitCode.Ok;
    }

    private async Task<NodeAnswer> AskAsync(CommandContext context, LocalNode node)
    {
        try
        {
            // The token may come from the environment; where each node listens may not: it is not the same for all.
            OperationsConfiguration operations = ConfigurationObject
                .ReadFile(node.Folder.ConfigurationFile, NodeConfiguration.Read).Operations
                .WithEnvironment(static name => name == OperationsConfiguration.ListenVariable
                    ? null
                    : Environment.GetEnvironmentVariable(name));
            if (operations.Listen is not { } listen)
            {
                throw new CommandException(
                    ExitCode.Unavailable,
                    $"{node.Name} does not answer operators",
                    "operations.listen is not set in its node.json",
                    "set it to 127.0.0.1 and a free port, and start the node again");
            }

            using OperatorClient client = new(listen, operations.ReadToken(Environment.GetEnvironmentVariable));
            JsonElement health = await client.HealthAsync(context.Stop);
            JsonElement? actors =
                context.Arguments.GetValue(_tree) ? await client.ActorsAsync(context.Stop) : null;
            return new NodeAnswer(node.Name, health, actors, null);
        }
        catch (CommandException fault)
        {
            return new NodeAnswer(node.Name, null, null, fault);
        }
    }

    private static void Show(Output output, IReadOnlyList<NodeAnswer> answers)
    {
        foreach (NodeAnswer answer in answers)
        {
            output.Line($"{answer.Name}: {answer.Verdict}");
            IEnumerable<string> lines = answer.Health is { } health
                ? StatusText.Reasons(health)
                : [$"  {answer.Fault!.What}: {answer.Fault.Why}", $"    next: {answer.Fault.Next}"];
            foreach (string line in lines.Concat(answer.Actors is { } actors ? StatusText.Tree(actors) : []))
            {
                output.Line(line);
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

    private static void Write(Utf8JsonWriter writer, NodeAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", answer.Name);
        writer.WriteString("verdict", answer.Verdict);
        if (answer.Health is { } health)
        {
            writer.WritePropertyName("health");
            health.WriteTo(writer);
        }

        if (answer.Actors is { } actors)
        {
            writer.WritePropertyName("tree");
            actors.WriteTo(writer);
        }

        if (answer.Fault is { } fault)
        {
            writer.WriteString("why", $"{fault.What}: {fault.Why}");
        }

        writer.WriteEndObject();
    }

    private sealed record NodeAnswer(
        string Name, JsonElement? Health, JsonElement? Actors, CommandException? Fault)
    {
        public string Verdict => Health is { } health ? StatusText.Text(health, "verdict") : "no answer";
    }
}
