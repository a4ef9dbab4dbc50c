namespace SigmaComms.Messaging.Links;

/// <summary>What a storage node is asked to look at, out of its turn. Numbers are permanent.</summary>
public enum StorageCheck : byte
{
    /// <summary>Nothing: it only tells.</summary>
    None = 0,

    /// <summary>Whether siblings of its fragments of the vault are where they belong; the lost are rebuilt.</summary>
    Siblings = 1,

    /// <summary>That, and every byte of its own fragments of the vault against their roots.</summary>
    Content = 2,
}
