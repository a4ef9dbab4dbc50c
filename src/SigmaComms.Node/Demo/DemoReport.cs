using System.Globalization;
using System.Text.Json;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Demo;

/// <summary>The closing tables.</summary>
internal sealed class DemoReport
{
    private readonly List<DemoStep> _steps = [];
    private readonly List<(string Client, AgentStatus Status)> _channels = [];

    /// <summary>Begins a row.</summary>
    public DemoStep Begin(string name)
    {
        DemoStep step = new(name);
        _steps.Add(step);
        return step;
    }

    /// <summary>Adds what a client's channel negotiated.</summary>
    public void AddChannel(string client, AgentStatus status) => _channels.Add((client, status));

    /// <summary>Writes both tables.</summary>
    public void Show(Output output)
    {
        TextTable messages = new("what", "sent", "received", "p50", "p99");
        foreach (DemoStep step in _steps)
        {
            messages.Row(
                step.Name,
                step.Sent.ToString(CultureInfo.InvariantCulture),
                step.Received.ToString(CultureInfo.InvariantCulture),
                step.Times.Milliseconds(0.5),
                step.Times.Milliseconds(0.99));
        }

        TextTable channels = new("client", "node", "key exchange", "signature", "bytes out/in", "handshake");
        foreach ((string client, AgentStatus status) in _channels)
        {
            channels.Row(
                client,
                status.Node ?? "-",
                status.Group ?? "-",
                status.SignatureScheme ?? "-",
                $"{status.HandshakeBytesSent} / {status.HandshakeBytesReceived}",
                string.Create(CultureInfo.InvariantCulture, $"{status.HandshakeMs:F1} ms"));
        }

        output.Line("\nMessages: from the call of the sender's client to the message at the recipient's");
        output.Table(messages);
        output.Line("\nChannels between the clients and their nodes, as negotiated");
        output.Table(channels);
        output.Line($"Their cipher: {string.Join(", ", _channels.Select(channel => channel.Status.Suite).Distinct())}");
        output.Line("End to end there is one suite, and nothing is negotiated: PQXDH (X25519, ML-KEM-1024,");
        output.Line("ML-DSA-65), then the triple ratchet (X25519, ML-KEM-768).\n");
        output.Object(Write);
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("steps");
        foreach (DemoStep step in _steps)
        {
            writer.WriteStartObject();
            writer.WriteString("name", step.Name);
            writer.WriteNumber("sent", step.Sent);
            writer.WriteNumber("received", step.Received);
            writer.WriteNumber("p50Ms", step.Times.Percentile(0.5).TotalMilliseconds);
            writer.WriteNumber("p99Ms", step.Times.Percentile(0.99).TotalMilliseconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("channels");
        foreach ((string client, AgentStatus status) in _channels)
        {
            writer.WriteStartObject();
            writer.WriteString("client", client);
            writer.WriteString("node", status.Node);
            writer.WriteString("group", status.Group);
            writer.WriteString("suite", status.Suite);
            writer.WriteString("signature", status.SignatureScheme);
            writer.WriteNumber("bytesSent", status.HandshakeBytesSent ?? 0);
            writer.WriteNumber("bytesReceived", status.HandshakeBytesReceived ?? 0);
            writer.WriteNumber("milliseconds", status.HandshakeMs ?? 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
