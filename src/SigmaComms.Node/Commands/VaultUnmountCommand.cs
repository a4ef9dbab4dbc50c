using System.CommandLine;
using SigmaComms.Fuse.Session;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault unmount.</summary>
internal sealed class VaultUnmountCommand : Verb
{
    private readonly Argument<string> _directory = new("dir") { Description = "Where the vault is mounted" };

    private readonly Option<bool> _lazy = new("--lazy")
    {
        Description = "Take it out of sight though somebody uses it",
    };

    public VaultUnmountCommand()
        : base(
            "unmount",
            "Unmounts a vault; the command that mounted it stores what was written, then ends.",
            "sigma vault unmount ~/backup")
    {
        Add(_directory);
        Add(_lazy);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string directory = Path.GetFullPath(context.Arguments.GetRequiredValue(_directory));
        if (context.Arguments.GetValue(_lazy))
        {
            ForeignMount.Detach(directory);
        }
        else
        {
            ForeignMount.Unmount(directory);
        }

        context.Output.Note($"{directory} is unmounted");
        return Task.FromResult(ExitCode.Ok);
    }
}
