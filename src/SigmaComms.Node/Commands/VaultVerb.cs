using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>A command that opens a vault.</summary>
internal abstract class VaultVerb : Verb
{
    private readonly Option<string?> _passphraseFile = new("--passphrase-file")
    {
        HelpName = "FILE",
        Description = $"The first line is the vault's passphrase [env: {VaultKeyChoice.FileVariable}, "
            + $"{VaultKeyChoice.PassphraseVariable}]",
    };

    private readonly Option<string?> _recoveryFile = new("--recovery-file")
    {
        HelpName = "FILE",
        Description = "The first line is the vault's recovery code; - asks for it",
    };

    /// <summary>Names the command.</summary>
    /// <param name="name">What is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="examples">Whole command lines.</param>
    protected VaultVerb(string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        Add(_passphraseFile);
        Add(_recoveryFile);
    }

    /// <summary>What opens the vault.</summary>
    protected VaultKeyChoice KeyOf(CommandContext context) => VaultKeyChoice.Of(
        context,
        context.Arguments.GetValue(_passphraseFile),
        context.Arguments.GetValue(_recoveryFile));

    /// <summary>Does something with an opened vault.</summary>
    /// <param name="context">The command.</param>
    /// <param name="name">What the vault is called here.</param>
    /// <param name="use">Gets the vault, which is closed when it returns.</param>
    protected Task<ExitCode> WithVaultAsync(
        CommandContext context, string name, Func<OpenedVault, Task<ExitCode>> use) =>
        WithVaultAsync(context, name, readsOnly: false, use);

    /// <summary>Reads an opened vault: as far as it is certified, where no quorum of validators answers.</summary>
    /// <param name="context">The command.</param>
    /// <param name="name">What the vault is called here.</param>
    /// <param name="use">Gets the vault, which is closed when it returns.</param>
    protected Task<ExitCode> ReadVaultAsync(
        CommandContext context, string name, Func<OpenedVault, Task<ExitCode>> use) =>
        WithVaultAsync(context, name, readsOnly: true, use);

    private async Task<ExitCode> WithVaultAsync(
        CommandContext context, string name, bool readsOnly, Func<OpenedVault, Task<ExitCode>> use)
    {
        VaultKeyChoice key = KeyOf(context);
        await using VaultDoor door = await VaultDoor.OpenAsync(context, readsOnly);
        await using OpenedVault vault = await key.OpenAsync(door.Client, name, context.Stop);
        door.TellIfBehind(context.Output);
        return await use(vault);
    }
}
