using System.CommandLine;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault forget.</summary>
internal sealed class VaultForgetCommand : Verb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Option<bool> _yes = new("--yes")
    {
        Description = "Needed: this machine's key of the vault goes, and without another one nobody opens it again",
    };

    public VaultForgetCommand()
        : base(
            "forget",
            "Removes a vault's name and key from this machine; the cluster keeps the vault.",
            "sigma vault forget backup --yes")
    {
        Add(_name);
        Add(_yes);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        if (!context.Arguments.GetValue(_yes))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"{name} is not forgotten",
                "its key on this machine would be gone",
                "have a passphrase, a recovery code or another machine at hand, then add --yes");
        }

        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        door.Client.Forget(name);
        context.Output.Line($"{name} is forgotten here");
        context.Output.Object(writer => writer.WriteString("name", name));
        return ExitCode.Ok;
    }
}
