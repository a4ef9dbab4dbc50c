namespace SigmaComms.Cluster.Control;

/// <summary>What came of checking a <see cref="CommandProof"/>.</summary>
public enum CommandProofVerdict : byte
{
    /// <summary>The command is in the log for ever.</summary>
    Holds = 1,

    /// <summary>It says itself that it is of another cluster's log.</summary>
    ForeignCluster = 2,

    /// <summary>An epoch does not hand over to the next under its validators' keys.</summary>
    HandoverNotProven = 3,

    /// <summary>The epochs hand over, and the command is not shown to be in a final block.</summary>
    CommandNotProven = 4,
}
