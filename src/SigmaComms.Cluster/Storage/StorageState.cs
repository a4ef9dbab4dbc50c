namespace SigmaComms.Cluster.Storage;

/// <summary>What the fragment store of a node does.</summary>
public enum StorageState
{
    /// <summary>There is nothing yet; it begins with the first fragment.</summary>
    Empty,

    /// <summary>It is being opened, or its index is being made anew.</summary>
    Opening,

    /// <summary>It serves.</summary>
    Open,

    /// <summary>It could not be opened; it is tried again.</summary>
    Failing,
}
