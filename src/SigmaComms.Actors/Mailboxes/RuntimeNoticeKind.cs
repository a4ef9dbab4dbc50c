namespace SigmaComms.Actors.Mailboxes;

/// <summary>What the runtime puts into a mailbox among the messages.</summary>
internal enum RuntimeNoticeKind
{
    /// <summary>A timer is due; the subject is the timer.</summary>
    Timer,

    /// <summary>A watched actor has ended; the subject is its cell.</summary>
    Death,

    /// <summary>The receive time-out may be over; the subject is its clock.</summary>
    Silence,

    /// <summary>A message that was checked before, or comes from a task; the subject is the message.</summary>
    Given,
}
