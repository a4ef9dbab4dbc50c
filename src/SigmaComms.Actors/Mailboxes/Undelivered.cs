using SigmaComms.Actors.Health;

namespace SigmaComms.Actors.Mailboxes;

/// <summary>What becomes of messages that no handler sees.</summary>
internal static class Undelivered
{
    public static void NoteDisplaced(this ActorCell cell, Envelope displaced)
    {
        if (ReferenceEquals(displaced.Message, Mailbox.HighWater))
        {
            cell.TellAboveHighWater(cell.Backlog().Depth, cell.Capacity);
            return;
        }

        cell.System.DeadLetters.Publish(displaced.Message, displaced.Sender, cell, "mailbox full, oldest dropped");
    }

    public static void LeaveUnhandled(
        this ActorCell cell, Envelope envelope, SendResult result = SendResult.Terminated)
    {
        object? message = envelope.Message switch
        {
            RuntimeNotice { Kind: RuntimeNoticeKind.Given } given => given.Subject,
            RuntimeNotice or PoisonPill => null,
            object plain => plain,
        };
        if (message is not null)
        {
            string reason = result == SendResult.Terminated ? "the actor has ended" : "mailbox full";
            cell.System.DeadLetters.Publish(message, envelope.Sender, cell, reason);
        }
    }
}
