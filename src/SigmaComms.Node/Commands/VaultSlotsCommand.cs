using System.CommandLine;
using System.Globalization;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault slots.</summary>
internal sealed class VaultSlotsCommand : VaultVerb
{
    private const string Passphrase = "passphrase";
    private const string Device = "device";
    private const string Recovery = "recovery";

    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Option<string?> _add = new("--add")
    {
        HelpName = "KIND",
        Description = "Add a way in: passphrase, device (this machine) or recovery",
    };

    private readonly Option<string?> _newPassphraseFile = new("--new-passphrase-file")
    {
        HelpName = "FILE",
        Description = "With --add passphrase: the first line is the new one; else it is asked for",
    };

    private readonly Option<int[]> _remove = new("--remove")
    {
        HelpName = "ID",
        Description = "Remove a way in and change the vault's key",
    };

    public VaultSlotsCommand()
        : base(
            "slots",
            "Shows by what a vault can be opened, adds ways in and removes them.",
            "sigma vault slots backup",
            "sigma vault slots backup --add recovery",
            "sigma vault slots backup --add passphrase --new-passphrase-file backup.passphrase",
            "sigma vault slots backup --remove 2")
    {
        _add.AcceptOnlyFromAmong(Passphrase, Device, Recovery);
        Add(_name);
        Add(_add);
        Add(_newPassphraseFile);
        Add(_remove);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        byte[] removed = [.. (context.Arguments.GetValue(_remove) ?? []).Select(IdOf)];
        return WithVaultAsync(context, name, async vault =>
        {
            char[]? code = await AddAsync(context, vault);
            if (removed.Length > 0)
            {
                await vault.Slots.RemoveAsync(removed, context.Stop);
            }

            Show(context, await vault.Slots.ListAsync(context.Stop), code);
            return ExitCode.Ok;
        });
    }

    private static byte IdOf(int id) => id is >= 1 and <= byte.MaxValue ? (byte)id : throw new CommandException(
        ExitCode.Usage, $"no slot {id}", "slots have the numbers 1 to 255", "see them: sigma vault slots NAME");

    private async Task<char[]?> AddAsync(CommandContext context, OpenedVault vault)
    {
        switch (context.Arguments.GetValue(_add))
        {
            case Recovery:
                return await vault.Slots.AddRecoveryAsync(context.Stop);
            case Device:
                using (VaultSecret device = VaultSecret.OfDevice())
                {
                    await vault.Slots.AddAsync(device, context.Stop);
                }

                return null;
            case Passphrase:
                PasswordSource source = new()
                {
                    File = context.Arguments.GetValue(_newPassphraseFile),
                    Remedy = "use --new-passphrase-file FILE",
                    CanAsk = context.Password.CanAsk,
                };
                using (SecretBytes typed =
                    await source.ReadAsync($"the vault {vault.Name} (new)", confirm: true, context.Stop))
                using (VaultSecret secret = VaultSecret.OfPassphrase(typed.Span))
                {
                    await vault.Slots.AddAsync(secret, context.Stop);
                }

                return null;
            default:
                return null;
        }
    }

    private static void Show(CommandContext context, IReadOnlyList<VaultSlot> slots, char[]? code)
    {
        TextTable table = new("id", "opened by", "device");
        foreach (VaultSlot slot in slots)
        {
            bool isMember = slot.Kind == SlotKind.Member;
            table.Row(
                slot.Id.ToString(CultureInfo.InvariantCulture),
                TextOf(slot),
                isMember ? slot.Member.ToString() : "-");
            context.Output.Object(writer =>
            {
                writer.WriteNumber("id", slot.Id);
                writer.WriteString("kind", slot.Kind.ToString().ToLowerInvariant());
                if (isMember)
                {
                    writer.WriteString("device", slot.Member.ToString());
                    writer.WriteString("peer", slot.Account);
                }
            });
        }

        context.Output.Table(table);
        if (code is not null)
        {
            context.Output.Line($"recovery code: {new string(code)}");
            context.Output.Object(writer => writer.WriteString("recoveryCode", code));
            Array.Clear(code);
        }
    }

    private static string TextOf(VaultSlot slot) => slot.Kind switch
    {
        SlotKind.Passphrase => "a passphrase",
        SlotKind.Device => "the owner's machine",
        SlotKind.Hybrid => "a passphrase and the owner's machine",
        SlotKind.Member => slot.Account is { } account ? $"{account}, a peer" : "somebody it is shared with",
        SlotKind.Recovery => "a recovery code",
        _ => "unknown",
    };
}
