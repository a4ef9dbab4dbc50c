namespace SigmaComms.Cluster.Storage.Repair;

/// <summary>What is known of a fragment after the nodes were asked that may have it.</summary>
internal enum Presence
{
    /// <summary>A node has it.</summary>
    Present,

    /// <summary>A node has it, not as its root says; that node mends it.</summary>
    Damaged,

    /// <summary>Some node that may have it did not answer.</summary>
    Unknown,

    /// <summary>No node has it.</summary>
    Lost,
}
