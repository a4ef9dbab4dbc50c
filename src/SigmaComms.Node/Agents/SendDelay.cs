using System.Globalization;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Terminal;
using SigmaComms.Persistence;

namespace SigmaComms.Node.Agents;

/// <summary>Says how far a message has come that did not get where it should in time.</summary>
internal static class SendDelay
{
    private const string LaterBySelf =
        "nothing is lost: it is sent while this identity is open, as by sigma agent --detach or sigma message listen";

    /// <summary>The disk of this machine took nothing.</summary>
    public static CommandException Explain(string to, JournalException disk) => new(
        ExitCode.Failure, $"the message to {to} was not sent", disk.Message, "make room, then send it again", disk);

    /// <summary>What is known of the message.</summary>
    /// <param name="to">The recipient.</param>
    /// <param name="message">The message; null if it is not in the outbox.</param>
    /// <param name="status">How the client is doing.</param>
    /// <param name="isAgentElsewhere">Whether the client goes on when this command has ended.</param>
    /// <param name="patience">How long was waited.</param>
    public static CommandException Explain(
        string to, AgentMessage? message, AgentStatus status, bool isAgentElsewhere, TimeSpan patience)
    {
        string after = string.Create(CultureInfo.InvariantCulture, $"after {patience.TotalSeconds:F0} s ");
        string link = status.IsConnected
            ? "fewer than two nodes have confirmed it"
            : $"no node can be reached ({status.Failure ?? "none has answered yet"})";
        if (message is null)
        {
            string reason = status.IsConnected ? "it is not stored yet" : link;
            string next = isAgentElsewhere
                ? "the agent may still send it; sigma message status shows its outbox"
                : "send it again when sigma cluster status shows nodes that are up";
            return new CommandException(
                ExitCode.Unavailable, $"the message to {to} is not in the outbox", after + reason, next);
        }

        return message.Accepted.IsCompletedSuccessfully
            ? new CommandException(
                ExitCode.Unavailable,
                $"message {message.Id} to {to} is accepted, not yet delivered",
                $"two nodes keep it; {after}{to} has not fetched it",
                $"nothing to do: {to} gets it when next on line")
            : new CommandException(
                ExitCode.Unavailable,
                $"message {message.Id} to {to} is in the outbox, not yet accepted",
                after + link,
                LaterBySelf);
    }
}
