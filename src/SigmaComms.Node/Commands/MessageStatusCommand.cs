using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma message status.</summary>
internal sealed class MessageStatusCommand : Verb
{
    private readonly Option<string?> _node = NodeOption.Create();

    public MessageStatusCommand()
        : base(
            "status",
            "Shows the connection, what waits in the outbox, and the known peers. Exits with 6 without a connection.",
            "sigma message status",
            "sigma message status --identity alpha --json")
    {
        Add(_node);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using AgentDoor door = await AgentDoor.OpenAsync(context, context.Arguments.GetValue(_node));
        await door.TryReadyAsync(context);
        AgentStatus status = await door.Agent.GetStatusAsync(context.Stop);
        TextTable table = new("what", "value");
        table.Row("account", $"{status.Name} ({status.Account})");
        string failure = status.Failure ?? "not connected yet";
        table.Row("node", status.IsConnected ? $"{status.Node} at {status.Endpoint}" : $"none: {failure}");
        if (status.IsConnected)
        {
            table.Row("channel", $"{status.Group}, {status.SignatureScheme}, {status.Suite}");
            string bytes = $"{status.HandshakeBytesSent} bytes out, {status.HandshakeBytesReceived} in";
            table.Row("handshake", string.Create(CultureInfo.InvariantCulture, $"{bytes}, {status.HandshakeMs:F1} ms"));
        }

        table.Row("control log", LogOf(status));
        table.Row("not yet on two nodes", Number(status.Unaccepted));
        table.Row("not yet delivered", Number(status.Undelivered));
        table.Row("not yet read here", Number(status.Unmarked));
        string[] compared = [.. ComparedPeers.Load(IdentityChoice.Of(context)).Names.Except(status.Changed)];
        table.Row("peers", Names(status.Contacts));
        table.Row("peers compared", Names(compared));
        table.Row("peers whose identity changed", Names(status.Changed));
        context.Output.Table(table);
        context.Output.Object(writer => Write(writer, status, compared));
        return status.IsConnected ? ExitCode.Ok : ExitCode.Unavailable;
    }

    private static string LogOf(AgentStatus status)
    {
        if (status.LogHeight is not { } height)
        {
            return "the cluster has none";
        }

        string alone = status.IsNodeByLog == true ? "; it alone vouches for the node" : "";
        string proofs = $"{status.ProofsVerified} proofs held, {status.ProofsRefused} could not be true";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"verified up to block {height} of epoch {status.LogEpoch}; {proofs}{alone}");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Names(IReadOnlyList<string> names) => names.Count > 0 ? string.Join(", ", names) : "-";

    private static void Write(Utf8JsonWriter writer, AgentStatus status, string[] compared)
    {
        writer.WriteString("name", status.Name);
        writer.WriteString("account", status.Account);
        writer.WriteString("device", status.Device);
        writer.WriteString("node", status.Node);
        writer.WriteString("endpoint", status.Endpoint);
        writer.WriteString("failure", status.Failure);
        writer.WriteString("group", status.Group);
        writer.WriteString("suite", status.Suite);
        writer.WriteString("signature", status.SignatureScheme);
        if (status.LogHeight is { } height)
        {
            writer.WriteStartObject("controlLog");
            writer.WriteNumber("epoch", status.LogEpoch ?? 0);
            writer.WriteNumber("height", height);
            writer.WriteNumber("directoryUpdates", status.LogUpdates ?? 0);
            writer.WriteNumber("proofsVerified", status.ProofsVerified ?? 0);
            writer.WriteNumber("proofsRefused", status.ProofsRefused ?? 0);
            writer.WriteBoolean("nodeByLogAlone", status.IsNodeByLog ?? false);
            writer.WriteEndObject();
        }

        writer.WriteNumber("unaccepted", status.Unaccepted);
        writer.WriteNumber("undelivered", status.Undelivered);
        writer.WriteNumber("unmarked", status.Unmarked);
        WriteNames(writer, "peers", status.Contacts);
        WriteNames(writer, "compared", compared);
        WriteNames(writer, "changed", status.Changed);
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
