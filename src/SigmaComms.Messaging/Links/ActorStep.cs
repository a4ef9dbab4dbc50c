namespace SigmaComms.Messaging.Links;

/// <summary>What two nodes must agree on about an actor.</summary>
public enum ActorStep : byte
{
    /// <summary>The sending node wants to know when the receiving node's actor ends.</summary>
    Watch = 1,

    /// <summary>The sending node no longer wants to know.</summary>
    Unwatch = 2,

    /// <summary>The sending node's actor has ended.</summary>
    Ended = 3,
}
