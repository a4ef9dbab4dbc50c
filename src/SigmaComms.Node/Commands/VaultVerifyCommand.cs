using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault verify.</summary>
internal sealed class VaultVerifyCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Option<bool> _read = new("--read")
    {
        Description = "Read and check every fragment, in place of asking the nodes what they have",
    };

    public VaultVerifyCommand()
        : base(
            "verify",
            "Checks a vault's history with several validators, and looks for every fragment of every file.",
            "sigma vault verify backup",
            "sigma vault verify backup --read --json")
    {
        Add(_name);
        Add(_read);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        VaultKeyChoice key = KeyOf(context);
        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        await using OpenedVault vault = await key.OpenAsync(door.Client, name, context.Stop);
        QuorumFinding history = await door.Quorum.AskAsync(vault.Vault, vault.Position, context.Stop);
        RequireAgreed(name, history);
        await vault.SyncAsync(context.Stop);
        RequireFollowed(name, history.Position, vault.Position);
        context.Output.Note(
                    $"{history.Answered} validators certify the same history: {history.Position.Count} entries");
        using TransferMeter meter = new(context);
        VaultReport report = await vault.Health.VerifyAsync(
            context.Arguments.GetValue(_read), meter, context.Stop);
        meter.Dispose();
        VaultHealthText.Show(context.Output, name, report);
        return ExitCode.Ok;
    }

    /// <summary>What was verified is what the validators certify, or goes on from there.</summary>
    private static void RequireFollowed(string name, LogPosition certified, LogPosition followed)
    {
        if (followed.Count < certified.Count || (followed.Count == certified.Count && followed != certified))
        {
            throw new CommandException(
                ExitCode.VerificationFailed,
                $"the history of {name} IS NOT WHAT IT WAS",
                $"the {followed.Count} entries that were followed do not lead to the {certified.Count} that the "
                    + "validators certify",
                "trust nothing of it, and ask the cluster's operators: at least one node lies");
        }
    }

    private static void RequireAgreed(string name, QuorumFinding history)
    {
        switch (history.Verdict)
        {
            case QuorumVerdict.Agreed:
                return;
            case QuorumVerdict.TooFew:
                throw new CommandException(
                    ExitCode.Unavailable,
                    $"the history of {name} cannot be checked",
                    $"{history.Answered} validators proved what they show, {history.Needed} must {history.Detail}"
                        .TrimEnd(),
                    "start the nodes that are away: sigma cluster status, sigma node start NAME");
            default:
                throw new CommandException(
                    ExitCode.VerificationFailed,
                    $"the history of {name} IS NOT WHAT IT WAS",
                    history.Detail.Length > 0 ? history.Detail : "the validators say that there is no such vault",
                    "trust nothing of it, and ask the cluster's operators: at least one node lies");
        }
    }
}
