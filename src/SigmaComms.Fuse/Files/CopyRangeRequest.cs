namespace SigmaComms.Fuse.Files;

/// <summary>Bytes that are copied from one open file to another.</summary>
/// <param name="Source">The file they come from.</param>
/// <param name="SourceOffset">Where there.</param>
/// <param name="TargetNode">The file they go to.</param>
/// <param name="Target">The same as an open file.</param>
/// <param name="TargetOffset">Where there.</param>
/// <param name="Length">How many.</param>
public readonly record struct CopyRangeRequest(
    FileHandle Source, ulong SourceOffset, NodeId TargetNode, FileHandle Target, ulong TargetOffset, ulong Length);
