namespace SigmaComms.Fuse.Files;

/// <summary>Attributes, and how long the kernel may believe them without asking.</summary>
/// <param name="Attributes">The attributes.</param>
/// <param name="Timeout">How long.</param>
public readonly record struct AttributesReply(NodeAttributes Attributes, TimeSpan Timeout);
