using System.CommandLine;
using System.Globalization;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault ls.</summary>
internal sealed class VaultLsCommand : VaultVerb
{
    private readonly Argument<string> _path = new("path") { Description = $"{VaultAddress.Form}; or NAME alone" };

    private readonly Option<bool> _long = new("--long", "-l") { Description = "With mode, size and date" };

    private readonly Option<bool> _recursive = new("--recursive", "-r")
    {
        Description = "With all that is in the directories",
    };

    public VaultLsCommand()
        : base(
            "ls",
            "Lists a directory of a vault.",
            "sigma vault ls backup",
            "sigma vault ls backup:/docs -l",
            "sigma vault ls backup:/ -r --json")
    {
        Add(_path);
        Add(_long);
        Add(_recursive);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress address = VaultAddress.ParseOrWhole(context.Arguments.GetRequiredValue(_path));
        return ReadVaultAsync(context, address.Vault, async vault =>
        {
            List<(string Name, VaultEntry Entry)> found = await FindAsync(
                vault, address.Path, context.Arguments.GetValue(_recursive), context.Stop);
            Show(context, found);
            return ExitCode.Ok;
        });
    }

    private static async Task<List<(string Name, VaultEntry Entry)>> FindAsync(
        OpenedVault vault, VaultPath top, bool isRecursive, CancellationToken stop)
    {
        List<(string, VaultEntry)> found = [];
        Stack<(string Prefix, VaultPath Path)> waiting = new([("", top)]);
        while (waiting.TryPop(out (string Prefix, VaultPath Path) next))
        {
            IReadOnlyList<VaultEntry> entries = await vault.ListAsync(next.Path, stop);
            found.AddRange(entries.Select(entry => (next.Prefix + NameOf(entry), entry)));
            foreach (VaultEntry entry in entries.Where(entry => isRecursive && entry.IsDirectory).Reverse())
            {
                waiting.Push(($"{next.Prefix}{NameOf(entry)}/", entry.Path));
            }
        }

        return found;
    }

    private static string NameOf(VaultEntry entry) => entry.Path.IsRoot ? "/" : entry.Path.Name.ToString()!;

    private void Show(CommandContext context, List<(string Name, VaultEntry Entry)> found)
    {
        TextTable table = new("mode", "bytes", "changed", "name");
        bool isLong = context.Arguments.GetValue(_long);
        foreach ((string name, VaultEntry entry) in found)
        {
            context.Output.Object(writer => VaultText.Write(writer, entry));
            string shown = VaultText.NameOf(entry, name);
            if (!isLong)
            {
                context.Output.Line(shown);
                continue;
            }

            string target = entry.Kind == FileKind.Symlink ? $" -> {TerminalText.Plain(entry.Target ?? "")}" : "";
            table.Row(
                VaultText.ModeOf(entry),
                entry.Size.ToString(CultureInfo.InvariantCulture),
                VaultText.DateOf(entry, context.Time),
                shown + target);
        }

        if (isLong && found.Count > 0)
        {
            context.Output.Table(table);
        }
    }
}
