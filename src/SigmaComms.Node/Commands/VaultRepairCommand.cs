using System.CommandLine;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault repair.</summary>
internal sealed class VaultRepairCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    public VaultRepairCommand()
        : base(
            "repair",
            "Reads every fragment of a vault and rebuilds what is missing or damaged, now and from here.",
            "sigma vault repair backup")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        return WithVaultAsync(context, name, async vault =>
        {
            using TransferMeter meter = new(context);
            VaultReport report = await vault.Health.RepairAsync(meter, context.Stop);
            meter.Dispose();
            VaultHealthText.Show(context.Output, name, report);
            return ExitCode.Ok;
        });
    }
}
