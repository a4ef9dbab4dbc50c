using System.Globalization;
using System.Text.Json;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Control;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma cluster status.</summary>
internal sealed class ClusterStatusCommand : Verb
{
    public ClusterStatusCommand()
        : base(
            "status",
            "Shows the members as one node sees them, and the control log. Exits with 7 when some are not up.",
            "sigma cluster status",
            "sigma cluster status --json --cluster cluster.json")
    {
        Runs(RunAsync);
    }

    /// <summary>Writes the members, and how the control log stands if that is known.</summary>
    public static void Show(
        Output output, ClusterFile cluster, ClusterStatus status, ControlSummary? control = null)
    {
        TextTable table = new("node", "id", "endpoint", "state", "round trip", "mailboxes");
        MemberStatus[] members = [.. status.Members.OrderBy(member => member.Name, StringComparer.Ordinal)];
        foreach (MemberStatus member in members)
        {
            table.Row(
                member.Name,
                member.Id.Short,
                member.Endpoint,
                StateOf(member),
                RoundTripOf(member, status),
                MailboxesOf(member));
        }

        output.Table(table);
        foreach (string line in control?.Lines() ?? [])
        {
            output.Line(line);
        }

        output.Object(writer =>
        {
            writer.WriteString("name", cluster.Name);
            writer.WriteString("cluster", cluster.Cluster.ToString());
            writer.WriteString("answeredBy", status.AnsweredBy.ToString());
            writer.WriteStartArray("members");
            foreach (MemberStatus member in members)
            {
                Write(writer, member, status);
            }

            writer.WriteEndArray();
            control?.Write(writer);
        });
    }

    /// <summary>A member's state in a word.</summary>
    public static string StateOf(MemberStatus member) => member.State switch
    {
        MemberState.Joining => "joining",
        MemberState.Up => "up",
        MemberState.Suspect => "suspect",
        _ => "down",
    };

    private static void Write(Utf8JsonWriter writer, MemberStatus member, ClusterStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("name", member.Name);
        writer.WriteString("node", member.Id.ToString());
        writer.WriteString("endpoint", member.Endpoint);
        writer.WriteString("state", StateOf(member));
        writer.WriteNumber("incarnation", member.Incarnation);
        writer.WritePropertyName("roundTripMicroseconds");
        if (IsMeasured(member, status))
        {
            writer.WriteNumberValue(member.RoundTripMicroseconds);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteNumber("mailboxes", member.Mailboxes);
        writer.WriteEndObject();
    }

    // A node measures its way to another with the first request; of one that is gone it only knows what was.
    private static bool IsMeasured(MemberStatus member, ClusterStatus status) =>
        member.Id != status.AnsweredBy && member.State == MemberState.Up && member.RoundTripMicroseconds > 0;

    private static string RoundTripOf(MemberStatus member, ClusterStatus status) =>
        member.Id == status.AnsweredBy ? "(asked)"
        : IsMeasured(member, status)
            ? string.Create(CultureInfo.InvariantCulture, $"{member.RoundTripMicroseconds / 1000.0:F2} ms")
            : "-";

    private static string MailboxesOf(MemberStatus member) =>
        member.State == MemberState.Up ? member.Mailboxes.ToString(CultureInfo.InvariantCulture) : "-";

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        using ClusterProbe probe = new(cluster, context.Time);
        ClusterStatus status = await probe.AskAnyAsync(context.Stop);
        Show(context.Output, cluster, status, await ControlSummary.AskAsync(context, cluster, name: null));
        return status.Members.All(member => member.State == MemberState.Up) ? ExitCode.Ok : ExitCode.Partial;
    }
}
