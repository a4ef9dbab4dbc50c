namespace SigmaComms.Fuse.Files;

/// <summary>Where a name moves.</summary>
/// <param name="Parent">The directory.</param>
/// <param name="Name">The new name; bytes that are valid until the operation has ended.</param>
/// <param name="Options">Flags of renameat2(2).</param>
public readonly record struct RenameTarget(NodeId Parent, ReadOnlyMemory<byte> Name, RenameOptions Options);
