using System.CommandLine;
using System.Globalization;
using SigmaComms.Cluster.Control;
using SigmaComms.Node.Configuration;
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

    private readonly Option<string?> _proof = new("--proof")
    {
        HelpName = "FILE",
        Description = "Where to put what shows to everybody that the command is in the log",
    };

    public ControlProposeNoopCommand()
        : base(
            "propose-noop",
            "Orders a command that changes nothing and tells where it stands: shows that the log goes on.",
            "sigma control propose-noop",
            "sigma control propose-noop --node n2 --json",
            "sigma control propose-noop --proof noop.proof")
    {
        Add(_node);
        Add(_timeout);
        Add(_proof);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ControlNodes.RequireLog(context);
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
        string? file = context.Arguments.GetValue(_proof);
        if (file is not null)
        {
            CommandProof proof = await ProofFile.FetchAsync(
                client, node.Name, answer, cluster, context.Time, context.Stop);
            ProofFile.Write(file, proof);
        }

        context.Output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Ordered in block {answer.Height} by {node.Name}, final after {took.TotalMilliseconds:F0} ms"));
        if (file is not null)
        {
            context.Output.Line($"What shows it: {file}; check it with sigma control verify --proof {file}");
        }

        context.Output.Object(writer =>
        {
            writer.WriteString("node", node.Name);
            writer.WriteNumber("height", answer.Height.Value);
            writer.WriteString("client", answer.Client.ToString());
            writer.WriteNumber("sequence", answer.Sequence);
            writer.WriteNumber("milliseconds", took.TotalMilliseconds);
            writer.WriteString("proof", file);
        });
        return ExitCode.Ok;
    }

    private static CommandException NotFinal(ControlReply reply) => new(
        ExitCode.Unavailable,
        "the command is not final",
        $"{reply.Node}: {reply.Answer.Verdict}, {reply.Answer.Detail}",
        "see how the log stands: sigma control status");
}
