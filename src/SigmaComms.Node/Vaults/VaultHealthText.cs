using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Vaults;
using SigmaComms.Client.Vaults.Health;
using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>What was found of a vault's stripes, for people and programs.</summary>
internal static class VaultHealthText
{
    /// <summary>Tells it; fails if it is not all there.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">What the vault is called here.</param>
    /// <param name="report">What was found.</param>
    /// <exception cref="CommandException">Something is missing or wrong.</exception>
    public static void Show(Output output, string name, VaultReport report)
    {
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Whole} of {report.Stripes} stripes whole, {report.Degraded} short of fragments, "
                + $"{report.Lost} not readable"));
        if (report.Missing + report.Corrupt + report.Elsewhere + report.Rebuilt > 0)
        {
            output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"fragments: {report.Missing} missing, {report.Corrupt} damaged, {report.Elsewhere} at another node "
                    + $"than they belong to, {report.Rebuilt} rebuilt"));
        }

        foreach (VaultPath path in report.LostFiles)
        {
            output.Line($"not readable: {TerminalText.Plain(path.ToString())}");
        }

        output.Object(writer => Write(writer, report));
        if (FaultOf(name, report) is { } fault)
        {
            throw fault;
        }

        output.Note($"{name} is whole: every fragment of it was found");
    }

    private static CommandException? FaultOf(string name, VaultReport report)
    {
        string silent = report.SilentNodes.Count == 0
            ? ""
            : $"; no answer from {string.Join(", ", report.SilentNodes.Select(node => node.Short))}";
        if (report.Lost > 0)
        {
            return new CommandException(
                ExitCode.Unavailable,
                $"{name} cannot be read whole",
                string.Create(
                    CultureInfo.InvariantCulture, $"{report.Lost} stripes have too few fragments{silent}"),
                "start the nodes that are away: sigma cluster status, sigma node start NAME");
        }

        if (report.Corrupt > 0)
        {
            return new CommandException(
                ExitCode.VerificationFailed,
                $"{name} has damaged fragments",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Corrupt} are not what was put; all files can be read{silent}"),
                $"repair it: sigma vault repair {name}");
        }

        return report.IsHealthy ? null : new CommandException(
            ExitCode.Partial,
            $"{name} is short of fragments",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Missing} fragments were found nowhere; all files can be read{silent}"),
            $"nodes rebuild them by themselves in time; at once: sigma vault repair {name}");
    }

    private static void Write(Utf8JsonWriter writer, VaultReport report)
    {
        writer.WriteBoolean("whole", report.IsHealthy);
        writer.WriteNumber("stripes", report.Stripes);
        writer.WriteNumber("wholeStripes", report.Whole);
        writer.WriteNumber("degradedStripes", report.Degraded);
        writer.WriteNumber("lostStripes", report.Lost);
        writer.WriteNumber("missingFragments", report.Missing);
        writer.WriteNumber("damagedFragments", report.Corrupt);
        writer.WriteNumber("displacedFragments", report.Elsewhere);
        writer.WriteNumber("rebuiltFragments", report.Rebuilt);
        writer.WriteNumber("entries", report.Position.Count);
        writer.WriteString("head", report.Position.Head.ToString());
        writer.WriteStartArray("silentNodes");
        foreach (NodeId node in report.SilentNodes)
        {
            writer.WriteStringValue(node.ToString());
        }

        writer.WriteEndArray();
        writer.WriteStartArray("lostFiles");
        foreach (VaultPath path in report.LostFiles)
        {
            writer.WriteStringValue(path.ToString());
        }

        writer.WriteEndArray();
    }
}
