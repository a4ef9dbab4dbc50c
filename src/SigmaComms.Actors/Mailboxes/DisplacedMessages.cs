namespace SigmaComms.Actors.Mailboxes;

/// <summary>Several messages that had to go for one: in a mailbox that is bounded in bytes.</summary>
internal sealed class DisplacedMessages(Envelope first)
{
    public List<Envelope> All { get; } = [first];
}
