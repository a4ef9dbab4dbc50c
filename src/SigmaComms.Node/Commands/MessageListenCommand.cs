using System.CommandLine;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma message listen.</summary>
internal sealed class MessageListenCommand : Verb
{
    private readonly CountOption _count = new("--count", "N", "End after so many messages; else go on until stopped");

    private readonly Option<string?> _saveTo = new("--save-to")
    {
        HelpName = "FOLDER",
        Description = "Where attachments are saved; else in the identity's folder",
    };

    private readonly Option<bool> _skipMissing = new("--skip-missing")
    {
        Description = "Be done with messages whose attachment cannot be fetched; else they come again next time",
    };

    private readonly Option<string?> _node = NodeOption.Create();

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
        Add(_skipMissing);
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using AgentDoor door = await AgentDoor.OpenAsync(context, context.Arguments.GetValue(_node));
        context.Output.Note("Listening; stop with Ctrl-C");
        int missing = await context.Output.WhileReadAsync(
            stop => ListenAsync(context, door.Agent, stop), context.Time, context.Stop);
        return missing == 0 ? ExitCode.Ok : Missing(context, missing);
    }

    /// <summary>Shows what comes; a message is marked once whoever reads the output has it.</summary>
    /// <returns>How many attachments could not be fetched.</returns>
    private async Task<int> ListenAsync(CommandContext context, AgentClient agent, CancellationToken stop)
    {
        string folder = context.Arguments.GetValue(_saveTo)
            ?? Path.Combine(IdentityChoice.Of(context).Path, "received");
        int left = context.Arguments.GetValue(_count) ?? int.MaxValue;
        int missing = 0;
        await foreach (AgentReply item in agent.SubscribeAsync(stop))
        {
            ReceivedItem received = await ReceivedItem.TakeAsync(agent, item, folder, stop);
            received.Show(context.Output);
            await context.Output.TakenAsync(context.Time, stop);
            missing += received.IsWhole ? 0 : 1;
            if (received.IsWhole || context.Arguments.GetValue(_skipMissing))
            {
                await agent.MarkAsync(item.Item!, stop);
            }

            if (--left == 0)
            {
                break;
            }
        }

        return missing;
    }

    private ExitCode Missing(CommandContext context, int count)
    {
        context.Output.Note(context.Arguments.GetValue(_skipMissing)
            ? $"{count} attachments could not be fetched and were given up"
            : $"{count} attachments could not be fetched; they come again with the next sigma message listen");
        return ExitCode.Unavailable;
    }
}
