using System.CommandLine;
using System.Globalization;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault unshare.</summary>
internal sealed class VaultUnshareCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Argument<string> _peer = new("peer") { Description = "The peer's account name" };

    public VaultUnshareCommand()
        : base(
            "unshare",
            "Turns a peer out of a vault: it opens nothing that is written from now on.",
            "sigma vault unshare family beta")
    {
        Add(_name);
        Add(_peer);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        string peer = context.Arguments.GetRequiredValue(_peer);
        AccountRecord account = await VaultShareCommand.AccountOfAsync(context, peer);
        return await WithVaultAsync(context, name, async vault =>
        {
            int removed = await vault.Slots.UnshareAsync(
                [.. account.Devices.Select(device => device.DeviceId)], context.Stop);
            if (removed == 0)
            {
                throw new CommandException(
                    ExitCode.NotFound,
                    $"{name} was not shared with {peer}",
                    "no way in belongs to a device of that account",
                    $"see them: sigma vault slots {name}");
            }

            context.Output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{peer} is turned out of {name}: {removed} device{(removed == 1 ? "" : "s")}"));
            context.Output.Note("What was read before may have been kept; the vault's key is another one now.");
            context.Output.Object(writer =>
            {
                writer.WriteString("vault", vault.Vault.ToString());
                writer.WriteString("peer", peer);
                writer.WriteNumber("devices", removed);
            });
            return ExitCode.Ok;
        });
    }
}
