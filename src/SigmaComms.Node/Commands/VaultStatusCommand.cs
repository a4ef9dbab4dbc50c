using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Storage;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault status.</summary>
internal sealed class VaultStatusCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    public VaultStatusCommand()
        : base(
            "status",
            "Shows what a vault holds, how it is spread, and the storage nodes.",
            "sigma vault status backup",
            "sigma vault status backup --json")
    {
        Add(_name);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        VaultKeyChoice key = KeyOf(context);
        await using VaultDoor door = await VaultDoor.OpenAsync(context, mayBeBehind: true);
        await using OpenedVault vault = await key.OpenAsync(door.Client, name, context.Stop);
        door.TellIfBehind(context.Output);
        VaultFigures figures = await vault.Health.StatusAsync(context.Stop);
        IReadOnlyList<StorageNodeView> nodes = await door.SurveyAsync(vault.Vault, context.Stop);
        Show(context.Output, door, vault, figures);
        ShowNodes(context.Output, nodes);
        context.Output.Object(writer =>
        {
            Write(writer, vault, figures);
            WriteNodes(writer, nodes);
        });
        return ExitCode.Ok;
    }

    private static void Show(Output output, VaultDoor door, OpenedVault vault, VaultFigures figures)
    {
        void Line(FormattableString text) => output.Line(FormattableString.Invariant(text));
        Line($"vault     {vault.Vault}");
        Line($"owner     {(figures.Owner == door.Device ? "this device" : figures.Owner.ToString())}");
        string links = Counted(figures.Links, "link");
        Line($"holds     {Counted(figures.Files, "file")}, {Counted(figures.Directories, "directory")}, {links}");
        Line($"size      {ByteText.Of(figures.Bytes)}, {ByteText.Of(figures.StoredBytes)} on the nodes");
        Line($"shape     {figures.Shape}; {figures.Stripes} stripes on {figures.StorageNodes} nodes");
        Line($"log       {figures.Position.Count} entries, snapshot {Number(figures.SnapshotAt)}");
        Line($"keys      {figures.Slots} ways in, key number {figures.KeyEpoch}");
    }

    private static void ShowNodes(Output output, IReadOnlyList<StorageNodeView> nodes)
    {
        TextTable table = new("node", "endpoint", "room", "free", "of this vault", "state");
        foreach (StorageNodeView view in nodes)
        {
            table.Row(
                view.Node.Name.Length > 0 ? view.Node.Name : view.Node.Id.Short,
                view.Node.Endpoint,
                SizeOf(view.Node.CapacityBytes),
                SizeOf(view.Node.FreeBytes),
                view.Report is { } report ? ByteText.Of(report.Bytes) : "-",
                StateOf(view));
        }

        output.Table(table);
    }

    private static string Counted(long count, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{count} {(count == 1 ? what : what.EndsWith('y') ? what[..^1] + "ies" : what + "s")}");

    private static string Number(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none yet";

    private static string SizeOf(ulong bytes) => bytes == 0 ? "-" : ByteText.Of(bytes);

    private static string StateOf(StorageNodeView view)
    {
        if (view.Report is not { } report)
        {
            return view.LastFailure.Length > 0 ? $"away: {TerminalText.Plain(view.LastFailure)}" : "away";
        }

        List<string> findings = [];
        void Find(ulong count, string what)
        {
            if (count > 0)
            {
                findings.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }

        Find(report.RepairQueue, "stripes wait for repair");
        Find(report.Missing, "fragments of others missing");
        Find(report.Quarantined, "fragments damaged");
        return findings.Count > 0 ? string.Join(", ", findings) : "up";
    }

    private static void Write(Utf8JsonWriter writer, OpenedVault vault, VaultFigures figures)
    {
        writer.WriteString("name", vault.Name);
        writer.WriteString("vault", vault.Vault.ToString());
        writer.WriteString("owner", figures.Owner.ToString());
        writer.WriteNumber("files", figures.Files);
        writer.WriteNumber("directories", figures.Directories);
        writer.WriteNumber("links", figures.Links);
        writer.WriteNumber("sizeBytes", figures.Bytes);
        writer.WriteNumber("stripes", figures.Stripes);
        writer.WriteNumber("storedBytes", figures.StoredBytes);
        writer.WriteNumber("dataFragments", figures.Shape.DataFragments);
        writer.WriteNumber("parityFragments", figures.Shape.ParityFragments);
        writer.WriteNumber("stripeSizeBytes", figures.Shape.StripeSizeBytes);
        writer.WriteNumber("entries", figures.Position.Count);
        writer.WriteNumber("slots", figures.Slots);
        writer.WriteNumber("keyEpoch", figures.KeyEpoch);
        if (figures.SnapshotAt is { } snapshot)
        {
            writer.WriteNumber("snapshotAt", snapshot);
        }
    }

    private static void WriteNodes(Utf8JsonWriter writer, IReadOnlyList<StorageNodeView> nodes)
    {
        writer.WriteStartArray("nodes");
        foreach (StorageNodeView view in nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", view.Node.Name);
            writer.WriteString("id", view.Node.Id.ToString());
            writer.WriteString("endpoint", view.Node.Endpoint);
            writer.WriteNumber("capacityBytes", view.Node.CapacityBytes);
            writer.WriteNumber("freeBytes", view.Node.FreeBytes);
            writer.WriteBoolean("linked", view.IsOpen);
            writer.WriteString("failure", view.LastFailure);
            if (view.Report is { } report)
            {
                writer.WriteNumber("fragments", report.Fragments);
                writer.WriteNumber("vaultBytes", report.Bytes);
                writer.WriteNumber("missing", report.Missing);
                writer.WriteNumber("quarantined", report.Quarantined);
                writer.WriteNumber("repairQueue", report.RepairQueue);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
