using System.CommandLine;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
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
        string folder = context.Arguments.GetValue(_saveTo)
            ?? Path.Combine(IdentityChoice.Of(context).Path, "received");
        int left = context.Arguments.GetValue(_count) is var count and > 0 ? count : int.MaxValue;
        await using AgentDoor door = await AgentDoor.OpenAsync(context);
        context.Output.Note("Listening; stop with Ctrl-C");
        await foreach (AgentReply item in door.Agent.SubscribeAsync(context.Stop))
        {
            ReceivedItem received = await ReceivedItem.TakeAsync(door.Agent, item, folder, context.Stop);
            received.Show(context.Output);
            await door.Agent.MarkAsync(item.Item!, context.Stop);
            if (--left == 0)
            {
                break;
            }
        }

        return ExitCode.Ok;
    }
}
