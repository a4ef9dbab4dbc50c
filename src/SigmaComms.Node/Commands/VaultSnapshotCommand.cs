using System.CommandLine;
using System.Globalization;
using SigmaComms.Node.Terminal;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault snapshot.</summary>
internal sealed class VaultSnapshotCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    public VaultSnapshotCommand()
        : base(
            "snapshot",
            "Stores a vault's whole directory tree sealed, so that its log need not be read from the beginning.",
            "sigma vault snapshot backup")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        return WithVaultAsync(context, name, async vault =>
        {
            LogPosition at = await vault.History.SnapshotAsync(context.Stop);
            context.Output.Line(string.Create(
                CultureInfo.InvariantCulture, $"{name} can be opened from entry {at.Count} of its log on"));
            context.Output.Object(writer =>
            {
                writer.WriteString("name", name);
                writer.WriteNumber("entries", at.Count);
            });
            return ExitCode.Ok;
        });
    }
}
