namespace SigmaComms.Fuse.Files;

/// <summary>A node that was found or made, and how long the kernel may believe so without asking.</summary>
/// <remarks>
/// Each that is answered adds one to the number of times the kernel knows the node, until it forgets.
/// </remarks>
public readonly record struct NodeEntry
{
    /// <summary>The node; number 0 says that the name is not there and that this may be believed for a time.</summary>
    public NodeId Node { get; init; }

    /// <summary>Tells apart nodes that had the same number one after the other.</summary>
    public ulong Generation { get; init; }

    /// <summary>How long the name may be believed.</summary>
    public TimeSpan EntryTimeout { get; init; }

    /// <summary>How long the attributes may be believed.</summary>
    public TimeSpan AttributesTimeout { get; init; }

    /// <summary>The attributes.</summary>
    public NodeAttributes Attributes { get; init; }
}
