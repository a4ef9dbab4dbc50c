using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault get.</summary>
internal sealed class VaultGetCommand : VaultVerb
{
    private const string Devices = "/dev/";

    /// <summary>Memory that is used as a folder, below the devices though there are none in it.</summary>
    private const string Memory = "/dev/shm/";

    private readonly Argument<string> _from = new("from") { Description = VaultAddress.Form };

    private readonly Argument<string?> _to = new("to")
    {
        Description = "Where to; a file goes into it if it is a folder. Default: here, under its own name",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _recursive = new("--recursive", "-r")
    {
        Description = "A directory with all that is in it; it becomes the folder that is named",
    };

    private readonly Option<bool> _keep = new("--no-replace", "-n") { Description = "Fail if a file is there" };

    public VaultGetCommand()
        : base(
            "get",
            "Gets a file or directory from a vault.",
            "sigma vault get backup:/docs/report.pdf",
            "sigma vault get backup:/docs/report.pdf old/",
            "sigma vault get backup:/documents ~/restored -r")
    {
        Add(_from);
        Add(_to);
        Add(_recursive);
        Add(_keep);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress from = VaultAddress.Parse(context.Arguments.GetRequiredValue(_from));
        string? to = context.Arguments.GetValue(_to);
        if (to is not null && Path.GetFullPath(to) is var full && full.StartsWith(Devices, StringComparison.Ordinal)
            && !full.StartsWith(Memory, StringComparison.Ordinal))
        {
            throw new CommandException(
                ExitCode.Usage,
                $"cannot get it to {to}",
                "files are put in the place of what is there, and that is a device",
                $"write to it: sigma vault cat {from} > {to}");
        }

        return ReadVaultAsync(context, from.Vault, vault => GetAsync(context, vault, from, to));
    }

    private async Task<ExitCode> GetAsync(CommandContext context, OpenedVault vault, VaultAddress from, string? to)
    {
        VaultEntry entry = await vault.StatAsync(from.Path, context.Stop);
        if (entry.IsDirectory && !context.Arguments.GetValue(_recursive))
        {
            throw new CommandException(
                ExitCode.Usage, $"cannot get {from}", "it is a directory", "add -r to get it with all that is in it");
        }

        string target = TargetOf(entry, from, to);
        GetOptions options = new() { MayReplace = !context.Arguments.GetValue(_keep) };
        using TransferMeter meter = new(context);
        TreeResult result = await vault.GetTreeAsync(
            from.Path, Path.GetFullPath(target), options, meter, context.Stop);
        return meter.Finish(context.Output, "Got", target, result);
    }

    private static string TargetOf(VaultEntry entry, VaultAddress from, string? to)
    {
        string name = entry.Path.IsRoot ? from.Vault : entry.Path.Name.ToString()!;
        if (to is null)
        {
            return name;
        }

        return !entry.IsDirectory && Directory.Exists(to) ? Path.Combine(to, name) : to;
    }
}
