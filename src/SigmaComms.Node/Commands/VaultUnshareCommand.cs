using System.CommandLine;
using System.Globalization;
using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault unshare.</summary>
internal sealed class VaultUnshareCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Argument<string?> _peer = new("peer")
    {
        Description = "The peer's account name",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _devices = new("--device")
    {
        HelpName = "ID",
        Description = "Turn this device out, whoever has it; sigma vault slots shows them",
    };

    public VaultUnshareCommand()
        : base(
            "unshare",
            "Turns a peer out of a vault: it opens nothing that is written from now on.",
            "sigma vault unshare family beta",
            "sigma vault unshare family --device fd51186e...42")
    {
        Add(_name);
        Add(_peer);
        Add(_devices);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        string? peer = context.Arguments.GetValue(_peer);
        NodeId[] named = [.. (context.Arguments.GetValue(_devices) ?? []).Select(DeviceOf)];
        if (peer is null && named.Length == 0)
        {
            throw new CommandException(
                ExitCode.Usage,
                "whom?",
                "neither a peer nor a device is named",
                $"see who can open it: sigma vault slots {name}");
        }

        return WithVaultAsync(context, name, async vault =>
        {
            HashSet<NodeId> devices = [.. named];
            if (peer is not null)
            {
                devices.UnionWith(await DevicesOfAsync(context, vault, peer));
            }

            int removed = await vault.Slots.UnshareAsync(devices, context.Stop);
            Show(context, vault, peer ?? "that device", removed);
            return ExitCode.Ok;
        });
    }

    // What is known here counts first: an account may list a device no more that was lost, or cannot be asked for.
    private static async Task<IReadOnlyList<NodeId>> DevicesOfAsync(
        CommandContext context, OpenedVault vault, string peer)
    {
        if (vault.Slots.DevicesOf(peer) is { Count: > 0 } known)
        {
            return known;
        }

        AccountRecord account = await VaultShareCommand.AccountOfAsync(context, peer);
        return [.. account.Devices.Select(device => device.DeviceId)];
    }

    private static void Show(CommandContext context, OpenedVault vault, string whom, int removed)
    {
        if (removed == 0)
        {
            throw new CommandException(
                ExitCode.NotFound,
                $"{vault.Name} was not shared with {whom}",
                "no way in belongs to such a device",
                $"see them, and turn one out by --device: sigma vault slots {vault.Name}");
        }

        context.Output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{whom} is turned out of {vault.Name}: {removed} device{(removed == 1 ? "" : "s")}"));
        context.Output.Note("What was read before may have been kept; the vault's key is another one now.");
        context.Output.Object(writer =>
        {
            writer.WriteString("vault", vault.Vault.ToString());
            writer.WriteString("peer", whom);
            writer.WriteNumber("devices", removed);
        });
    }

    private static NodeId DeviceOf(string text) => Digest.TryParse(text, out Digest device)
        ? new NodeId(device)
        : throw new CommandException(
            ExitCode.Usage,
            $"\"{TerminalText.Plain(text)}\" is no device",
            "a device's id has 64 hexadecimal digits",
            "see them: sigma vault slots NAME");
}
