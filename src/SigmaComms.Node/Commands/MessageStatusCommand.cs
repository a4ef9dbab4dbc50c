using System.Globalization;
using System.Text.Json;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma message status.</summary>
internal sealed class MessageStatusCommand : Verb
{
    public MessageStatusCommand()
        : base(
            "status",
            "Shows the connection, what waits in the outbox, and the known peers.",
            "sigma message status",
            "sigma message status --identity alpha --json")
    {
        Runs(RunAsync);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using AgentConnection agent = await AgentDoor.OpenAsync(context);
        JsonElement status = await agent.RequestAsync("ready", context.Stop);
        TextTable table = new("what", "value");
        foreach (JsonProperty property in status.EnumerateObject())
        {
            if (property.Name is not ("v" or "reply" or "contacts" or "handshake"))
            {
                table.Row(property.Name, property.Value.ToString());
            }
        }

        if (status.TryGetProperty("handshake", out JsonElement handshake))
        {
            foreach (JsonProperty property in handshake.EnumerateObject())
            {
                table.Row($"handshake {property.Name}", property.Value.ToString());
            }
        }

        foreach (JsonElement contact in status.GetProperty("contacts").EnumerateArray())
        {
            string changed = contact.GetProperty("identityChanged").GetBoolean() ? ", identity changed!" : "";
            table.Row("peer", string.Create(
                CultureInfo.InvariantCulture, $"{contact.GetProperty("name").GetString()}{changed}"));
        }

        context.Output.Table(table);
        context.Output.Object(writer =>
        {
            foreach (JsonProperty property in status.EnumerateObject().Where(p => p.Name is not ("v" or "reply")))
            {
                property.WriteTo(writer);
            }
        });
        return ExitCode.Ok;
    }
}
