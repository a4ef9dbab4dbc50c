using System.CommandLine;
using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma agent.</summary>
internal sealed class AgentCommand : Verb
{
    private readonly Option<string?> _node = NodeOption.Create("The node to try first");

    private readonly Option<bool> _detach = new("--detach")
    {
        Description = "Ask for the password, then go on in the background",
    };

    private readonly Option<bool> _stop = new("--stop") { Description = "End the agent that runs" };

    public AgentCommand()
        : base(
            "agent",
            "Keeps an identity open and connected, so that other commands need no password.",
            "sigma agent --identity alpha",
            "sigma agent --identity alpha --detach",
            "sigma agent --identity alpha --stop",
            "sigma agent --identity alpha --password-file alpha.password --node n2")
    {
        Add(_node);
        Add(_detach);
        Add(_stop);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        if (context.Arguments.GetValue(_stop))
        {
            RequireAlone(context);
            return StopAsync(context);
        }

        return context.Arguments.GetValue(_detach) ? DetachAsync(context) : ServeAsync(context);
    }

    private void RequireAlone(CommandContext context)
    {
        if (context.Arguments.GetValue(_detach) || context.Arguments.GetValue(_node) is not null)
        {
            throw new CommandException(
                ExitCode.Usage,
                "cannot stop the agent",
                "--stop ends the agent that runs; --detach and --node are for one that begins",
                "first sigma agent --stop, then sigma agent --detach");
        }
    }

    private async Task<ExitCode> ServeAsync(CommandContext context)
    {
        await using AgentDoor door = await AgentDoor.OpenAsync(context, context.Arguments.GetValue(_node));
        if (!door.IsServing)
        {
            throw RunsAlready();
        }

        await door.WaitReadyAsync(context);
        AgentStatus status = await door.Agent.GetStatusAsync(context.Stop);
        Show(context.Output, status.Name, status.Node, "stop with Ctrl-C");
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, context.Time, context.Stop);
        await await Task.WhenAny(door.StopRequested, stopped);
        return ExitCode.Ok;
    }

    private async Task<ExitCode> DetachAsync(CommandContext context)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        await using (AgentClient? running = await AgentClient.TryConnectAsync(folder.Socket, context.Stop))
        {
            if (running is not null)
            {
                throw RunsAlready();
            }
        }

        DetachedAgent agent = new(context, folder);
        string node = await agent.StartAsync(context.Arguments.GetValue(_node));
        string name = IdentityChoice.NameOf(folder);
        Show(context.Output, name, node, $"stop with: sigma agent --identity {name} --stop");
        return ExitCode.Ok;
    }

    private static async Task<ExitCode> StopAsync(CommandContext context)
    {
        IdentityFolder folder = IdentityChoice.Of(context);
        await using AgentClient? running = await AgentClient.TryConnectAsync(folder.Socket, context.Stop);
        if (running is not null)
        {
            await running.StopAsync(context.Stop);
        }

        string name = IdentityChoice.NameOf(folder);
        context.Output.Line(running is null ? $"No agent of {name} was running" : $"Stopped the agent of {name}");
        context.Output.Object(writer => writer.WriteBoolean("stopped", running is not null));
        return ExitCode.Ok;
    }

    private static void Show(Output output, string name, string? node, string end)
    {
        output.Line($"{name} is connected to {node}; {end}");
        output.Object(writer =>
        {
            writer.WriteString(DetachedAgent.Ready, name);
            writer.WriteString("node", node);
        });
    }

    private static CommandException RunsAlready() => new(
        ExitCode.Failure,
        "cannot be the agent",
        "another process has this identity open already",
        "use that one, or stop it first: sigma agent --stop");
}
