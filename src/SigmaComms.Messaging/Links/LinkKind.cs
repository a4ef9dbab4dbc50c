namespace SigmaComms.Messaging.Links;

/// <summary>Who speaks on a link.</summary>
public enum LinkKind : byte
{
    /// <summary>A member of the cluster, with an admission.</summary>
    Node = 1,

    /// <summary>A device of an account.</summary>
    Client = 2,
}
