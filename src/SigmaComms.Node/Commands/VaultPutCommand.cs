using System.CommandLine;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault put.</summary>
internal sealed class VaultPutCommand : VaultVerb
{
    private readonly Argument<string> _from = new("from") { Description = "A file or folder; - reads standard input" };

    private readonly Argument<string> _to = new("to")
    {
        Description = $"{VaultAddress.Form}; a file goes into it if it is a directory",
    };

    private readonly Option<bool> _recursive = new("--recursive", "-r")
    {
        Description = "A folder with all that is in it; it becomes the directory that is named",
    };

    private readonly Option<bool> _keep = new("--no-replace", "-n") { Description = "Fail if the file is there" };

    private readonly Option<bool> _parents = new("--parents", "-p")
    {
        Description = "Make the directories above it too, if they are missing",
    };

    public VaultPutCommand()
        : base(
            "put",
            "Puts a file, a folder or standard input into a vault.",
            "sigma vault put report.pdf backup:/docs/",
            "sigma vault put ~/documents backup:/documents -r",
            "sigma vault put ~/photos backup:/2026/november/photos -r -p",
            "tar c /etc | sigma vault put - backup:/etc.tar")
    {
        Add(_from);
        Add(_to);
        Add(_recursive);
        Add(_keep);
        Add(_parents);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        string from = context.Arguments.GetRequiredValue(_from);
        VaultAddress to = VaultAddress.Parse(context.Arguments.GetRequiredValue(_to));
        bool isFolder = from != "-" && Directory.Exists(from);
        if (isFolder && !context.Arguments.GetValue(_recursive))
        {
            throw new CommandException(
                ExitCode.Usage, $"cannot put {from}", "it is a folder", "add -r to put it with all that is in it");
        }

        return WithVaultAsync(context, to.Vault, vault => isFolder
            ? PutTreeAsync(context, vault, from, to)
            : PutFileAsync(context, vault, from, to));
    }

    private async Task<ExitCode> PutTreeAsync(CommandContext context, OpenedVault vault, string from, VaultAddress to)
    {
        using TransferMeter meter = new(context);
        TreeResult result = await vault.PutTreeAsync(
            Path.GetFullPath(from), to.Path, OptionsOf(context), meter, context.Stop);
        return meter.Finish(context.Output, "Put", to.ToString(), result, vault.Spread);
    }

    private async Task<ExitCode> PutFileAsync(CommandContext context, OpenedVault vault, string from, VaultAddress to)
    {
        PutOptions options = OptionsOf(context);
        VaultPath target = to.Path;
        if (from != "-")
        {
            FileToPut.Describe(from, options);
            VaultPath name = VaultPath.Root.In(Path.GetFileName(Path.GetFullPath(from)));
            target = await VaultTarget.OfAsync(vault, to, name.Name, context.Stop);
        }

        await using Stream source = from == "-" ? Console.OpenStandardInput() : FileToPut.Open(from);
        using TransferMeter meter = new(context);
        await vault.PutAsync(source, target, options, meter, context.Stop);
        TreeResult result = new(1, 0, 0, meter.Last.Bytes, []);
        return meter.Finish(context.Output, "Put", $"{to.Vault}:{target}", result, vault.Spread);
    }

    private PutOptions OptionsOf(CommandContext context) => new()
    {
        MayReplace = !context.Arguments.GetValue(_keep),
        MakesParents = context.Arguments.GetValue(_parents),
    };
}
