namespace SigmaComms.Fuse.Files;

/// <summary>What was made and opened in one step.</summary>
/// <param name="Entry">The node.</param>
/// <param name="Opened">The open file.</param>
public readonly record struct CreateReply(NodeEntry Entry, OpenReply Opened);
