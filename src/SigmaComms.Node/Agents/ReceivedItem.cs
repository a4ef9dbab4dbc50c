using SigmaComms.Client;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Agents;

/// <summary>A message with its attachment, if it has one, fetched into a folder.</summary>
/// <param name="Item">What the agent told.</param>
/// <param name="File">Where the attachment is; null if there is none.</param>
/// <param name="Fault">Why the attachment could not be fetched; null if it could.</param>
internal sealed record ReceivedItem(AgentReply Item, string? File, CommandException? Fault)
{
    /// <summary>Fetches what belongs to the message. A file that was fetched before is not fetched again.</summary>
    public static async Task<ReceivedItem> TakeAsync(
        AgentClient agent, AgentReply item, string folder, CancellationToken stop)
    {
        if (item.FileName is null)
        {
            return new ReceivedItem(item, null, null);
        }

        string path = Path.Combine(folder, $"{item.MessageId![..8]}-{item.FileName}");
        try
        {
            SigmaHome.CreatePrivate(folder);
            if (!System.IO.File.Exists(path))
            {
                await agent.DownloadAsync(item.Item!, path, null, stop);
            }

            return new ReceivedItem(item, path, null);
        }
        catch (ClientException fault)
        {
            return new ReceivedItem(item, null, Faults.Explain(fault));
        }
    }

    /// <summary>Writes it for people or programs.</summary>
    public void Show(Output output)
    {
        string body = Item.Text
            ?? (Fault is not null ? $"[file {Item.FileName} could not be fetched: {Fault.Why}]"
                : File is not null ? $"[file {File}, {Item.FileBytes} bytes, SHA-256 {Item.FileHash}]"
                : "[a kind of message that this sigma does not know]");
        output.Line($"{Item.From}: {Printable(body)}");
        output.Object(writer =>
        {
            writer.WriteString("event", "received");
            writer.WriteString("from", Item.From);
            writer.WriteString("message", Item.MessageId);
            writer.WriteNumber("counter", Item.Counter ?? 0);
            writer.WriteString("sent", Item.Sent ?? default);
            if (Item.Text is not null)
            {
                writer.WriteString("text", Item.Text);
            }

            if (Item.FileName is not null)
            {
                writer.WriteString("name", Item.FileName);
                writer.WriteNumber("sizeBytes", Item.FileBytes ?? 0);
                writer.WriteString("sha256", Item.FileHash);
                writer.WriteString("file", File);
            }

            if (Fault is not null)
            {
                FaultJson.Write(writer, Fault);
            }
        });
    }

    /// <summary>A peer's text must not steer the terminal.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '\uFFFD' : c));
}
