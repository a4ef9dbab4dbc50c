using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault add.</summary>
internal sealed class VaultAddCommand : VaultVerb
{
    private readonly Argument<string> _vault = new("vault")
    {
        Description = "The vault's id, 64 hexadecimal digits; sigma vault list shows it",
    };

    private readonly Argument<string> _name = new("name") { Description = "What it is called here" };

    public VaultAddCommand()
        : base(
            "add",
            "Gives a name to a vault that was shared with this identity, or that is on another machine too.",
            "sigma vault add 5b0e...c4 family",
            "sigma vault add 5b0e...c4 backup --recovery-file -")
    {
        Add(_vault);
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string id = context.Arguments.GetRequiredValue(_vault);
        string name = context.Arguments.GetRequiredValue(_name);
        if (!Digest.TryParse(id, out Digest vault))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"\"{TerminalText.Plain(id)}\" is no vault",
                "a vault's id has 64 hexadecimal digits",
                "see them with sigma vault list, or ask the owner");
        }

        VaultKeyChoice key = KeyOf(context);
        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        door.Client.Adopt(name, vault);
        try
        {
            // What cannot be opened should not stand in the list as if it could.
            await using OpenedVault opened = await key.OpenAsync(door.Client, name, context.Stop);
        }
        catch
        {
            door.Client.Forget(name);
            throw;
        }

        context.Output.Line($"{vault} is {name} here; see sigma vault ls {name}");
        context.Output.Object(writer =>
        {
            writer.WriteString("name", name);
            writer.WriteString("vault", vault.ToString());
        });
        return ExitCode.Ok;
    }
}
