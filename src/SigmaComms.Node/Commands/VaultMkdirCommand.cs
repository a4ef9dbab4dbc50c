using System.CommandLine;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault mkdir.</summary>
internal sealed class VaultMkdirCommand : VaultVerb
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly Argument<string> _path = new("path") { Description = VaultAddress.Form };

    private readonly Option<bool> _parents = new("--parents", "-p")
    {
        Description = "Make those above it too; one that is there is good",
    };

    public VaultMkdirCommand()
        : base("mkdir", "Makes a directory in a vault.", "sigma vault mkdir backup:/docs/2026 -p")
    {
        Add(_path);
        Add(_parents);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress address = VaultAddress.Parse(context.Arguments.GetRequiredValue(_path));
        return WithVaultAsync(context, address.Vault, async vault =>
        {
            await vault.MakeDirectoryAsync(address.Path, Mode, context.Arguments.GetValue(_parents), context.Stop);
            context.Output.Note($"Made {address}");
            context.Output.Object(writer => writer.WriteString("path", address.Path.ToString()));
            return ExitCode.Ok;
        });
    }
}
