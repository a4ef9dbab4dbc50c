namespace SigmaComms.Actors.Mailboxes;

/// <summary>How far above its bound a mailbox lets a message in.</summary>
internal enum Admission
{
    /// <summary>Not at all.</summary>
    Ordinary,

    /// <summary>By the reserve: poison pills.</summary>
    Reserved,

    /// <summary>Always: words of the runtime.</summary>
    Always,
}
