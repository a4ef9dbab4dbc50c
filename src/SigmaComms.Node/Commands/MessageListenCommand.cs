using System.CommandLine;
using System.Text.Json;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma message listen.</summary>
internal sealed class MessageListenCommand : Verb
{
    private readonly Option<int> _count = new("--count")
    {
        HelpName = "N",
        Description = "End after so many messages; else go on until stopped",
    };

    private readonly Option<string?> _saveTo = new("--save-to")
    {
        HelpName = "FOLDER",
        Description = "Where attachments are saved; else in the identity's folder",
    };

    public MessageListenCommand()
        : base(
            "listen",
            "Prints messages as they come, each once and in order.",
            "sigma message listen",
            "sigma message listen --count 1 --json",
            "sigma message listen --save-to downloads")
    {
        Add(_count);
        Add(_saveTo);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string? folder = context.Arguments.GetValue(_saveTo);
        int left = context.Arguments.GetValue(_count) is var count and > 0 ? count : int.MaxValue;
        await using AgentConnection agent = await AgentDoor.OpenAsync(context);
        await agent.RequestAsync(
            "listen",
            writer =>
            {
                if (folder is not null)
                {
                    writer.WriteString("saveTo", Path.GetFullPath(folder));
                }
            },
            context.Stop);
        context.Output.Note("Listening; stop with Ctrl-C");
        await foreach (AgentEvent told in agent.Events.ReadAllAsync(context.Stop))
        {
            if (told.Name == "received")
            {
                Show(context.Output, told.Line);
                if (--left == 0)
                {
                    return ExitCode.Ok;
                }
            }
            else
            {
                context.Output.Note($"{told.Name} {Text(told.Line, "subject")}: {Text(told.Line, "detail")}");
            }
        }

        throw new CommandException(
            ExitCode.Failure, "listening ended", "the agent stopped", "start it again: sigma agent");
    }

    private static void Show(Output output, JsonElement line)
    {
        string from = Text(line, "from")!;
        string body = Text(line, "text")
            ?? (line.TryGetProperty("error", out JsonElement error)
                ? $"[file {Text(line, "name")} could not be fetched: {Text(error, "why")}]"
                : Text(line, "file") is { } file
                    ? $"[file {file}, {line.GetProperty("sizeBytes").GetInt64()} bytes, SHA-256 {Text(line, "sha256")}]"
                    : "[a kind of message that this sigma does not know]");
        output.Line($"{from}: {Printable(body)}");
        output.Object(writer =>
        {
            foreach (JsonProperty property in line.EnumerateObject().Where(p => p.Name is not "v"))
            {
                property.WriteTo(writer);
            }
        });
    }

    /// <summary>A peer's text must not steer the terminal.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '\uFFFD' : c));

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
