using System.CommandLine;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma agent.</summary>
internal sealed class AgentCommand : Verb
{
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
            "sigma agent --identity alpha --password-file alpha.password --node n2")
    {
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using AgentDoor door = await AgentDoor.OpenAsync(context, context.Arguments.GetValue(_node));
        if (!door.IsServing)
        {
            throw new CommandException(
                ExitCode.Failure,
                "cannot be the agent",
                "another process has this identity open already",
                "use that one, or stop it first");
        }

        await door.WaitReadyAsync(context);
        AgentStatus status = await door.Agent.GetStatusAsync(context.Stop);
        context.Output.Line($"{status.Name} is connected to {status.Node}; stop with Ctrl-C");
        context.Output.Object(writer =>
        {
            writer.WriteString("ready", status.Name);
            writer.WriteString("node", status.Node);
        });
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop);
        await await Task.WhenAny(door.StopRequested, stopped);
        return ExitCode.Ok;
    }
}
