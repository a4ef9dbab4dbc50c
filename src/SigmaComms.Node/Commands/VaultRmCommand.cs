using System.CommandLine;
using System.Globalization;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault rm.</summary>
internal sealed class VaultRmCommand : VaultVerb
{
    private readonly Argument<string> _path = new("path") { Description = VaultAddress.Form };

    private readonly Option<bool> _recursive = new("--recursive", "-r")
    {
        Description = "A directory with all that is in it",
    };

    public VaultRmCommand()
        : base(
            "rm",
            "Removes a file, link or directory from a vault.",
            "sigma vault rm backup:/docs/old.pdf",
            "sigma vault rm backup:/docs/2025 -r")
    {
        Add(_path);
        Add(_recursive);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress address = VaultAddress.Parse(context.Arguments.GetRequiredValue(_path));
        if (address.Path.IsRoot)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"cannot remove {address}",
                "a vault's root stays",
                $"name what is in it: sigma vault ls {address.Vault}");
        }

        return WithVaultAsync(context, address.Vault, async vault =>
        {
            long removed = await vault.RemoveAsync(
                address.Path, context.Arguments.GetValue(_recursive), context.Stop);
            context.Output.Note(removed == 1
                ? $"Removed {address}"
                : string.Create(CultureInfo.InvariantCulture, $"Removed {address} and {removed - 1} in it"));
            context.Output.Object(writer => writer.WriteNumber("removed", removed));
            return ExitCode.Ok;
        });
    }
}
