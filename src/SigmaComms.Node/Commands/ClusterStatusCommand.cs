using System.Globalization;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Nodes;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma cluster status.</summary>
internal sealed class ClusterStatusCommand : Verb
{
    public ClusterStatusCommand()
        : base(
            "status",
            "Shows the members as one node sees them. Exits with 7 when some are not up.",
            "sigma cluster status",
            "sigma cluster status --json --cluster cluster.json")
    {
        Runs(RunAsync);
    }

    /// <summary>Writes the members.</summary>
    public static void Show(Output output, ClusterFile cluster, ClusterStatus status)
    {
        TextTable table = new("node", "id", "endpoint", "state", "round trip", "mailboxes");
        foreach (MemberStatus member in status.Members.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            table.Row(
                member.Name,
                member.Id.Short,
                member.Endpoint,
                StateOf(member),
                RoundTripOf(member, status),
                member.Mailboxes.ToString(CultureInfo.InvariantCulture));
        }

        output.Table(table);
        output.Object(writer =>
        {
            writer.WriteString("name", cluster.Name);
            writer.WriteString("cluster", cluster.Cluster.ToString());
            writer.WriteString("answeredBy", status.AnsweredBy.ToString());
            writer.WriteStartArray("members");
            foreach (MemberStatus member in status.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("name", member.Name);
                writer.WriteString("node", member.Id.ToString());
                writer.WriteString("endpoint", member.Endpoint);
                writer.WriteString("state", StateOf(member));
                writer.WriteNumber("incarnation", member.Incarnation);
                writer.WriteNumber("roundTripMicroseconds", member.RoundTripMicroseconds);
                writer.WriteNumber("mailboxes", member.Mailboxes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static string StateOf(MemberStatus member) => member.State switch
    {
        MemberState.Joining => "joining",
        MemberState.Up => "up",
        MemberState.Suspect => "suspect",
        _ => "down",
    };

    // A node measures its way to another with the first request; heartbeats alone tell nothing of it.
    private static string RoundTripOf(MemberStatus member, ClusterStatus status) =>
        (member.Id == status.AnsweredBy, member.RoundTripMicroseconds) switch
        {
            (true, _) => "(asked)",
            (false, 0) => "-",
            _ => string.Create(CultureInfo.InvariantCulture, $"{member.RoundTripMicroseconds / 1000.0:F2} ms"),
        };

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        ClusterFile cluster = ClusterFile.Load(context.ClusterFile);
        using ClusterProbe probe = new(cluster, context.Time);
        ClusterStatus status = await probe.AskAnyAsync(context.Stop);
        Show(context.Output, cluster, status);
        return status.Members.All(member => member.State == MemberState.Up) ? ExitCode.Ok : ExitCode.Partial;
    }
}
