namespace SigmaComms.Messaging.Links;

/// <summary>Why a node did not take a message to one of its actors.</summary>
public enum ActorRefusal : byte
{
    /// <summary>The sender's node was given no such actor, or it has ended.</summary>
    NoSuchActor = 1,

    /// <summary>The number of the message's kind is not known.</summary>
    UnknownMessage = 2,

    /// <summary>The version of the message's fields is not known.</summary>
    UnknownVersion = 3,

    /// <summary>The message breaks its format.</summary>
    Malformed = 4,

    /// <summary>The receiving node was given as many actors of the sender's node as it keeps.</summary>
    TooManyActors = 5,
}
