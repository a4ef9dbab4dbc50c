using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma identity list.</summary>
internal sealed class IdentityListCommand : Verb
{
    public IdentityListCommand()
        : base(
            "list",
            "Shows the identities of this data folder; needs no password.",
            "sigma identity list",
            "sigma identity list --json")
    {
        Runs(RunAsync);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        TextTable table = new("name", "account", "agent");
        IReadOnlyList<IdentityFolder> all = IdentityChoice.All(context.Home);
        if (all.Count == 0)
        {
            context.Output.Note("There are none yet; make one: sigma identity new NAME");
            return ExitCode.Ok;
        }

        foreach (IdentityFolder folder in all)
        {
            IdentityCard card = IdentityCard.Load(folder);
            bool isOpen = await IsOpenAsync(folder, context.Stop);
            table.Row(card.Name, card.Account.ToString(), isOpen ? "runs" : "-");
            context.Output.Object(writer =>
            {
                IdentityShowCommand.Write(writer, card);
                writer.WriteBoolean("agent", isOpen);
            });
        }

        context.Output.Table(table);
        return ExitCode.Ok;
    }

    private static async Task<bool> IsOpenAsync(IdentityFolder folder, CancellationToken stop)
    {
        await using AgentClient? agent = await AgentClient.TryConnectAsync(folder.Socket, stop);
        return agent is not null;
    }
}
