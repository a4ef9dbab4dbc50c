namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Why a mailbox stopped sending to its subscriber.</summary>
internal enum DeliveryStep
{
    /// <summary>Nothing waits, or enough is on its way.</summary>
    Rests,

    /// <summary>The subscriber takes no more at the moment.</summary>
    NoRoom,

    /// <summary>The next message must be read from the journal first.</summary>
    NeedsContent,
}
