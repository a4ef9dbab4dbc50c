namespace SigmaComms.Client.Sessions;

/// <summary>Which side of a conversation has lost what it had stored.</summary>
internal enum HistoryLoss
{
    /// <summary>The peer: what was under way from it may be gone with it.</summary>
    Peer,

    /// <summary>This device: what it had and did not hand to the application is gone.</summary>
    Own,

    /// <summary>This device was put back to an older state: what it sends now may be taken for repeats.</summary>
    RolledBack,
}
