namespace SigmaComms.Fuse.Files;

/// <summary>The name of an extended attribute with its namespace, as in "user.comment".</summary>
/// <param name="Bytes">1 to 255 bytes without zero.</param>
public readonly record struct XattrName(ReadOnlyMemory<byte> Bytes);
