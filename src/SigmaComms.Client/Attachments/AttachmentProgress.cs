namespace SigmaComms.Client.Attachments;

/// <summary>How far a transfer is.</summary>
/// <param name="DoneBytes">Bytes of the file that are through.</param>
/// <param name="TotalBytes">Size of the file.</param>
public readonly record struct AttachmentProgress(long DoneBytes, long TotalBytes);
