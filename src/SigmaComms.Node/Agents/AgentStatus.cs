using System.Text.Json;
using SigmaComms.Client;
using SigmaComms.Client.Contacts;

namespace SigmaComms.Node.Agents;

/// <summary>A client's status as JSON.</summary>
internal static class AgentStatus
{
    /// <summary>Writes its properties.</summary>
    public static void Write(Utf8JsonWriter writer, ClientStatus status)
    {
        writer.WriteString("name", status.Name);
        writer.WriteString("account", status.Account.ToString());
        writer.WriteString("device", status.Device.ToString());
        writer.WriteString("node", status.NodeName);
        writer.WriteString("endpoint", status.Endpoint);
        writer.WriteString("failure", status.Failure);
        writer.WriteNumber("connections", status.Connections);
        writer.WriteNumber("sent", status.Sent);
        writer.WriteNumber("accepted", status.Accepted);
        writer.WriteNumber("delivered", status.Delivered);
        writer.WriteNumber("received", status.Received);
        writer.WriteNumber("dropped", status.Dropped);
        writer.WriteNumber("unaccepted", status.Unaccepted);
        writer.WriteNumber("undelivered", status.Undelivered);
        writer.WriteNumber("unmarked", status.Unmarked);
        if (status.Handshake is { } handshake)
        {
            writer.WriteStartObject("handshake");
            writer.WriteString("group", handshake.Group);
            writer.WriteString("suite", handshake.Suite);
            writer.WriteString("signature", handshake.SignatureScheme);
            writer.WriteNumber("bytesSent", handshake.BytesSent);
            writer.WriteNumber("bytesReceived", handshake.BytesReceived);
            writer.WriteNumber("microseconds", (long)handshake.Duration.TotalMicroseconds);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("contacts");
        foreach (ContactSummary contact in status.Contacts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", contact.Name);
            writer.WriteString("account", contact.Account.ToString());
            writer.WriteBoolean("identityChanged", contact.IdentityChanged);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
