using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>Who gets the messages of a mailbox: a client on this node, or another node for a client there.</summary>
internal interface IMailboxSubscriber
{
    /// <summary>Sends a message on; false if there is no room at the moment or the link has ended.</summary>
    bool TryDeliver(HeldMessage message);

    /// <summary>Another subscription took over.</summary>
    void Replaced();

    /// <summary>The mailbox stopped; the subscriber may open it again, here or elsewhere.</summary>
    void Ended();
}
