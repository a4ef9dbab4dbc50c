using System.Security.Cryptography;
using System.Text;
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
    private const int NameMaxBytes = 200;

    /// <summary>Whether all of it is here, so that it need not come again.</summary>
    public bool IsWhole => Fault is null;

    /// <summary>Fetches what belongs to the message. A file that was fetched before is not fetched again.</summary>
    public static async Task<ReceivedItem> TakeAsync(
        AgentClient agent, AgentReply item, string folder, CancellationToken stop)
    {
        if (item.FileName is null)
        {
            return new ReceivedItem(item, null, null);
        }

        string path = Path.Combine(folder, FileNameOf(item));
        try
        {
            SigmaHome.CreatePrivate(folder);
            if (!await IsThereAsync(path, item.FileHash!, stop))
            {
                await agent.DownloadAsync(item.Item!, path, null, stop);
            }

            return new ReceivedItem(item, path, null);
        }
        catch (Exception fault) when (fault is ClientException or IOException or UnauthorizedAccessException)
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
        output.Line($"{Item.From}: {TerminalText.Continued(body)}");
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

    /// <summary>
    /// The sender chose the name: it gets the message's id in front, so that it hides no other file, and is cut to what
    /// a folder takes, its extension kept.
    /// </summary>
    internal static string FileNameOf(AgentReply item)
    {
        string extension = Path.GetExtension(item.FileName!);
        extension = Encoding.UTF8.GetByteCount(extension) <= 16 ? extension : "";
        string stem = item.FileName![..^extension.Length];
        while (Encoding.UTF8.GetByteCount(stem) > NameMaxBytes)
        {
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        }

        return $"{item.MessageId}-{stem}{extension}";
    }

    private static async Task<bool> IsThereAsync(string path, string hash, CancellationToken stop)
    {
        if (!System.IO.File.Exists(path))
        {
            return false;
        }

        await using FileStream stream = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, stop)) == hash;
    }
}
