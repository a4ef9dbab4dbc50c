namespace SigmaComms.Fuse.Files;

/// <summary>A node of a filesystem as the kernel knows it. The filesystem chooses the numbers; 1 is the root.</summary>
/// <param name="Value">The number.</param>
public readonly record struct NodeId(ulong Value)
{
    /// <summary>The root of the mount.</summary>
    public static NodeId Root => new(1);
}
