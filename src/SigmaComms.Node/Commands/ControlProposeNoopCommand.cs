using System.CommandLine;
using System.Globalization;
using SigmaComms.Cluster.Control;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control propose-noop.</summary>
internal sealed class ControlProposeNoopCommand : Verb
{
    // No state machine has it, so the log orders the command and does nothing.
    private const ushort NoMachine = ushort.MaxValue;

    private readonly Option<string?> _node = NodeOption.Create("The node that orders it; else one that runs");
    private readonly CountOption _timeout = TimeoutOption.Create();

    public ControlProposeNoopCommand()
        : base(
            "propose-noop",
            "Orders a command that changes nothing and tells where it stands: shows that the log goes on.",
            "sigma control propose-noop",
            "sigma control propose-noop --node n2 --json")
    {
        Add(_node);
        Add(_timeout);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ControlNodes.RequireLog(context);
        LocalNode node = ControlNodes.Running(context, context.Arguments.GetValue(_node))[0];
        int seconds = TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout));
        long start = context.Time.GetTimestamp();
        using ControlClient client = new(node);
        ControlReply reply = await client.SubmitAsync(NoMachine, new byte[] { 0 }, seconds, context.Stop);
        TimeSpan took = context.Time.GetElapsedTime(start);
        if (!reply.IsFinal)
        {
            throw NotFinal(reply);
        }

        CommandAnswer answer = reply.Answer;
        context.Output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Ordered in block {answer.Height} by {node.Name}, final after {took.TotalMilliseconds:F0} ms"));
        context.Output.Object(writer =>
        {
            writer.WriteString("node", node.Name);
            writer.WriteNumber("height", answer.Height.Value);
            writer.WriteString("client", answer.Client.ToString());
            writer.WriteNumber("sequence", answer.Sequence);
            writer.WriteNumber("milliseconds", took.TotalMilliseconds);
        });
        return ExitCode.Ok;
    }

    private static CommandException NotFinal(ControlReply reply) => new(
        ExitCode.Unavailable,
        "the command is not final",
        $"{reply.Node}: {reply.Answer.Verdict}, {reply.Answer.Detail}",
        "see how the log stands: sigma control status");
}
