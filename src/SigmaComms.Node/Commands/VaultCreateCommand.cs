using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;
using SigmaComms.Vault;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault create.</summary>
internal sealed class VaultCreateCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name")
    {
        Description = "What it is called here: letters, digits, '-', '_' and '.'",
    };

    private readonly Option<bool> _passphrase = new("--passphrase")
    {
        Description = "Ask for a passphrase that opens it on other machines too",
    };

    private readonly Option<bool> _both = new("--both")
    {
        Description = "It takes the passphrase and this machine to open it, not one of them",
    };

    private readonly Option<bool> _noRecovery = new("--no-recovery") { Description = "Make no recovery code" };

    private readonly Option<string?> _shape = new("--shape")
    {
        HelpName = "K+M",
        Description = "Cut stripes into K fragments, and M more that may be lost. Default: by the number of nodes",
    };

    public VaultCreateCommand()
        : base(
            "create",
            "Makes a vault; this machine opens it without asking, and its recovery code is shown once.",
            "sigma vault create backup",
            "sigma vault create backup --passphrase",
            "sigma vault create archive --shape 4+2 --passphrase-file archive.passphrase")
    {
        Add(_name);
        Add(_passphrase);
        Add(_both);
        Add(_noRecovery);
        Add(_shape);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        VaultShape? shape = context.Arguments.GetValue(_shape) is { } text ? ShapeText.Parse(text) : null;
        bool takesBoth = context.Arguments.GetValue(_both);
        VaultKeyChoice key = KeyOf(context);
        bool hasPassphrase = key.IsPassphraseGiven || takesBoth || context.Arguments.GetValue(_passphrase);
        using SecretBytes? passphrase = hasPassphrase ? await key.ReadNewAsync(name, context.Stop) : null;
        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        await door.IntroduceAsync(context);
        using VaultSecret first = takesBoth ? VaultSecret.OfHybrid(passphrase!.Span) : VaultSecret.OfDevice();
        await using OpenedVault vault = await door.Client.CreateAsync(name, first, shape, context.Stop);
        char[]? code;
        VaultFigures figures;
        try
        {
            // The code last: nothing may fail between its making and its showing.
            figures = await vault.Health.StatusAsync(context.Stop);
            code = await AddWaysAsync(context, vault, takesBoth ? null : passphrase);
        }
        catch (Exception fault) when (fault is VaultException or OperationCanceledException)
        {
            throw Half(vault, takesBoth, fault);
        }

        Show(context, vault, figures.Shape, code);
        return ExitCode.Ok;
    }

    private async Task<char[]?> AddWaysAsync(CommandContext context, OpenedVault vault, SecretBytes? passphrase)
    {
        if (passphrase is not null)
        {
            using VaultSecret second = VaultSecret.OfPassphrase(passphrase.Span);
            await vault.Slots.AddAsync(second, context.Stop);
        }

        return context.Arguments.GetValue(_noRecovery) ? null : await vault.Slots.AddRecoveryAsync(context.Stop);
    }

    private static CommandException Half(OpenedVault vault, bool takesBoth, Exception fault) => new(
        fault is VaultException ? ExitCode.Partial : ExitCode.Interrupted,
        takesBoth
            ? $"{vault.Name} is made, but only its passphrase opens it, and only on this machine"
            : $"{vault.Name} is made, but perhaps only this machine opens it",
        fault is VaultException ? fault.Message : "it was stopped before the other ways in were there",
        $"see which there are, and add the others: sigma vault slots {vault.Name} --add recovery",
        fault);

    private static void Show(CommandContext context, OpenedVault vault, VaultShape shape, char[]? code)
    {
        context.Output.Line($"{vault.Name} is made: {vault.Vault}");
        if (code is not null)
        {
            context.Output.Line($"recovery code: {new string(code)}");
            context.Output.Note(
                "Write it down and keep it away from this machine: it opens the vault, and is not shown again.");
        }

        if (shape.ParityFragments == 0)
        {
            context.Output.Note("Nothing of it is kept twice: a storage node that is lost takes files with it.");
        }

        context.Output.Object(writer =>
        {
            writer.WriteString("name", vault.Name);
            writer.WriteString("vault", vault.Vault.ToString());
            writer.WriteString("shape", shape.ToString());
            if (code is not null)
            {
                writer.WriteString("recoveryCode", code);
            }
        });
        Array.Clear(code ?? []);
    }
}
