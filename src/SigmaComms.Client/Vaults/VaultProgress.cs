namespace SigmaComms.Client.Vaults;

/// <summary>How far a transfer came.</summary>
/// <param name="Bytes">Bytes of files done so far.</param>
/// <param name="BytesTotal">Bytes there are, or -1 if that is not known.</param>
/// <param name="Files">Files done so far.</param>
/// <param name="FilesTotal">Files there are, or -1 if that is not known.</param>
public readonly record struct VaultProgress(long Bytes, long BytesTotal, long Files, long FilesTotal);
