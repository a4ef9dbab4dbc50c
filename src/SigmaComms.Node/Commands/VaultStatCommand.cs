using System.CommandLine;
using System.Globalization;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault stat.</summary>
internal sealed class VaultStatCommand : VaultVerb
{
    private readonly Argument<string> _path = new("path") { Description = VaultAddress.Form };

    public VaultStatCommand()
        : base(
            "stat",
            "Shows what is known of a file, directory or link of a vault.",
            "sigma vault stat backup:/docs/plan.pdf",
            "sigma vault stat backup:/docs --json")
    {
        Add(_path);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress address = VaultAddress.ParseOrWhole(context.Arguments.GetRequiredValue(_path));
        return ReadVaultAsync(context, address.Vault, async vault =>
        {
            Show(context, await vault.StatAsync(address.Path, context.Stop));
            return ExitCode.Ok;
        });
    }

    private static void Show(CommandContext context, VaultEntry entry)
    {
        Output output = context.Output;
        output.Line($"path      {TerminalText.Plain(entry.Path.ToString())}");
        output.Line($"kind      {VaultText.KindOf(entry)}");
        if (entry.Target is { } target)
        {
            output.Line($"target    {TerminalText.Plain(target)}");
        }

        string rounded = entry.Size < 1000 ? "" : $" ({ByteText.Of(entry.Size)})";
        output.Line(string.Create(CultureInfo.InvariantCulture, $"size      {entry.Size} bytes{rounded}"));
        output.Line($"mode      {VaultText.OctalOf(entry)} {VaultText.ModeOf(entry)}");
        output.Line(string.Create(
            CultureInfo.InvariantCulture, $"owner     {entry.Stat.Owner.Uid}, group {entry.Stat.Owner.Gid}"));
        output.Line($"changed   {VaultText.DateOf(entry, context.Time)}");
        output.Line(string.Create(CultureInfo.InvariantCulture, $"links     {entry.Stat.Links}"));
        output.Line(string.Create(CultureInfo.InvariantCulture, $"version   {entry.Stat.Version}"));
        output.Object(writer =>
        {
            VaultText.Write(writer, entry);
            writer.WriteNumber("uid", entry.Stat.Owner.Uid);
            writer.WriteNumber("gid", entry.Stat.Owner.Gid);
            writer.WriteNumber("links", entry.Stat.Links);
            writer.WriteNumber("inode", entry.Stat.Inode);
            writer.WriteNumber("version", entry.Stat.Version);
        });
    }
}
