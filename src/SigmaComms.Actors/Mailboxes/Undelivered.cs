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

        foreach (Envelope one in displaced.Message is DisplacedMessages several ? several.All : [displaced])
        {
            cell.System.DeadLetters.Publish(one.Message, one.Sender, cell, "mailbox full, oldest dropped");
        }
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
            string reason = result switch
            {
                SendResult.Terminated => "the actor has ended",
                SendResult.TooLarge => "too large for the mailbox",
                _ => "mailbox full",
            };
            cell.System.DeadLetters.Publish(message, envelope.Sender, cell, reason);
        }
    }

    /// <summary>Lets the system's check copy a message. False: it refused it, and it is a dead letter.</summary>
    public static bool TryCheck(this ActorCell cell, ref object message, IActorRef? sender)
    {
        if (cell.System.MessageCheck is not { } check || message is PoisonPill)
        {
            return true;
        }

        try
        {
            message = check(message)
                ?? throw new InvalidOperationException("The check of messages gave none back.");
            return true;
        }
        catch (Exception failure)
        {
            // Sending never throws.
            cell.System.DeadLetters.Publish(message, sender, cell, $"refused by the check: {failure.Message}");
            return false;
        }
    }
}
