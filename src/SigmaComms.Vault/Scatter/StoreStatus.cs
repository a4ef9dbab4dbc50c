namespace SigmaComms.Vault.Scatter;

/// <summary>What came of asking a fragment store for something.</summary>
public enum StoreStatus
{
    /// <summary>It was done, and what was to be kept is durable.</summary>
    Done,

    /// <summary>There is no such fragment.</summary>
    NotFound,

    /// <summary>The fragment is there but not what its root says; its bytes are not given out.</summary>
    Corrupt,

    /// <summary>There is no room, or nothing may be written now.</summary>
    Full,

    /// <summary>No answer: the node is away, too slow, or its disk failed.</summary>
    Unreachable,

    /// <summary>It will not: bytes that do not fit their label, another fragment of that id, a range outside.</summary>
    Refused,
}
