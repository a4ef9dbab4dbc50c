namespace SigmaComms.Actors;

/// <summary>Messages that an actor puts aside; at most 1,024.</summary>
public interface IStash
{
    /// <summary>Messages put aside.</summary>
    int Count { get; }

    /// <summary>Puts the current message aside.</summary>
    /// <exception cref="StashOverflowException">There is no room.</exception>
    void Stash();

    /// <summary>Puts all messages back in front of the mailbox, in their order.</summary>
    void UnstashAll();
}
