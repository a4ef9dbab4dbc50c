using System.CommandLine;
using SigmaComms.Client;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma agent.</summary>
internal sealed class AgentCommand : Verb
{
    private readonly Option<bool> _stdio = new("--stdio")
    {
        Description = "Take requests as lines of JSON on standard input too, and end with it",
    };

    private readonly Option<string?> _node = new("--node")
    {
        HelpName = "NAME",
        Description = "The node to try first",
    };

    public AgentCommand()
        : base(
            "agent",
            "Keeps an identity open and connected, so that other commands need no password.",
            "sigma agent --identity alpha",
            "sigma agent --identity alpha --password-file alpha.password --stdio --node n2")
    {
        Add(_stdio);
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        await using OpenAgent agent =
            await OpenAgent.StartAsync(context, folder, context.Arguments.GetValue(_node));
        context.Output.Note($"The agent of {IdentityChoice.NameOf(folder)} serves at {folder.Socket}");
        if (!context.Arguments.GetValue(_stdio))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop);
        }

        await using Stream input = Console.OpenStandardInput();
        await using Stream output = Console.OpenStandardOutput();
        await agent.Server.ServeAsync(input, output, context.Stop);
        return ExitCode.Ok;
    }
}
