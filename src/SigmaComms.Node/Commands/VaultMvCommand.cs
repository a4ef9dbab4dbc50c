using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault mv.</summary>
internal sealed class VaultMvCommand : VaultVerb
{
    private readonly Argument<string> _from = new("from") { Description = VaultAddress.Form };

    private readonly Argument<string> _to = new("to")
    {
        Description = "Where to, in the same vault; into it if it is a directory",
    };

    private readonly Option<bool> _keep = new("--no-replace", "-n")
    {
        Description = "Fail if a file of the new name is there",
    };

    public VaultMvCommand()
        : base(
            "mv",
            "Renames or moves a file, link or directory in a vault.",
            "sigma vault mv backup:/docs/plan.pdf backup:/docs/plan-2025.pdf",
            "sigma vault mv backup:/docs/plan.pdf backup:/old/")
    {
        Add(_from);
        Add(_to);
        Add(_keep);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress from = VaultAddress.Parse(context.Arguments.GetRequiredValue(_from));
        VaultAddress to = VaultAddress.Parse(context.Arguments.GetRequiredValue(_to));
        if (from.Vault != to.Vault)
        {
            throw new CommandException(
                ExitCode.Usage,
                "cannot move it there",
                $"{from.Vault} and {to.Vault} are two vaults with keys of their own",
                "get it from one and put it into the other");
        }

        return WithVaultAsync(context, from.Vault, async vault =>
        {
            VaultPath target = await VaultTarget.OfAsync(vault, to, from.Path.Name, context.Stop);
            await vault.MoveAsync(from.Path, target, !context.Arguments.GetValue(_keep), context.Stop);
            context.Output.Note($"Moved {from} to {to.Vault}:{target}");
            context.Output.Object(writer =>
            {
                writer.WriteString("from", from.Path.ToString());
                writer.WriteString("to", target.ToString());
            });
            return ExitCode.Ok;
        });
    }
}
