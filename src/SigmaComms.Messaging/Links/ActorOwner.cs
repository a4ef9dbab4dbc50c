namespace SigmaComms.Messaging.Links;

/// <summary>Which of the two nodes of a link owns an actor.</summary>
public enum ActorOwner : byte
{
    /// <summary>There is no actor.</summary>
    Nobody = 0,

    /// <summary>The node that sent the batch.</summary>
    SendingNode = 1,

    /// <summary>The node that receives the batch.</summary>
    ReceivingNode = 2,
}
