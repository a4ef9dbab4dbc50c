namespace SigmaComms.Cluster.Control;

/// <summary>How a node's replica of the control log is.</summary>
public enum ControlState : byte
{
    /// <summary>It opens its disk.</summary>
    Opening = 1,

    /// <summary>It follows the log, and votes if it is a validator.</summary>
    Running = 2,

    /// <summary>Its disk failed; it tries to open it again.</summary>
    DiskFailing = 3,

    /// <summary>
    /// An invariant is broken: a bug, or more liars than the log bears. It does not go on; the rest of the node does.
    /// </summary>
    Halted = 4,
}
