namespace SigmaComms.Node.Terminal;

/// <summary>How far a transfer came.</summary>
/// <param name="Bytes">Bytes done.</param>
/// <param name="BytesTotal">Bytes there are; negative if that is not known.</param>
/// <param name="Files">Files done.</param>
/// <param name="FilesTotal">Files there are; negative if that is not known.</param>
internal readonly record struct TransferCount(long Bytes, long BytesTotal, long Files, long FilesTotal);
