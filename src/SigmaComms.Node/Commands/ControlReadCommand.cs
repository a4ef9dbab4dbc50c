using System.CommandLine;
using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma control read.</summary>
internal sealed class ControlReadCommand : Verb
{
    private readonly Argument<string> _vault = new("vault") { Description = "The vault's id, 64 hexadecimal digits" };
    private readonly Option<bool> _linearizable = new("--linearizable")
    {
        Description = "See every write that was final anywhere before; asks a quorum of validators",
    };

    private readonly Option<string?> _node = NodeOption.Create("The node that is asked; else one that runs");
    private readonly CountOption _timeout = TimeoutOption.Create();

    public ControlReadCommand()
        : base(
            "read",
            "Shows how many entries a vault has in the control log, and the head of their chain.",
            "sigma control read 9f3c...71 --linearizable",
            "sigma control read 9f3c...71 --node n1 --json")
    {
        Add(_vault);
        Add(_linearizable);
        Add(_node);
        Add(_timeout);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        ControlNodes.RequireLog(context);
        if (!Digest.TryParse(context.Arguments.GetRequiredValue(_vault), out Digest vault))
        {
            throw new CommandException(
                ExitCode.Usage, "cannot read this vault", "its id is not 64 hexadecimal digits", "give the whole id");
        }

        LocalNode node = ControlNodes.Running(context, context.Arguments.GetValue(_node))[0];
        int seconds = TimeoutOption.SecondsOf(context.Arguments.GetValue(_timeout));
        using ControlClient client = new(node);
        JsonElement answer = await client.VaultAsync(
            vault, context.Arguments.GetValue(_linearizable) ? seconds : null, context.Stop);
        if (!answer.GetProperty("found").GetBoolean())
        {
            throw new CommandException(
                ExitCode.NotFound, "no such vault",
                $"at block {answer.GetProperty("height")} as {node.Name} knows it, the log holds none of this id",
                "see whether the node follows the log: sigma control status");
        }

        context.Output.Line(
            $"Vault {vault} at block {answer.GetProperty("height")}: {answer.GetProperty("count")} entries, "
            + $"kept from {answer.GetProperty("first")}, head {answer.GetProperty("head")}");
        context.Output.Object(writer =>
        {
            writer.WriteString("answeredBy", node.Name);
            writer.WriteString("vault", vault.ToString());
            writer.WritePropertyName("state");
            answer.WriteTo(writer);
        });
        return ExitCode.Ok;
    }
}
