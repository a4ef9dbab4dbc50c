namespace SigmaComms.Client.Vaults.Trees;

/// <summary>Something of a local tree that goes into a vault.</summary>
/// <param name="Local">Its path on this machine.</param>
/// <param name="Target">The path it gets.</param>
/// <param name="Kind">File, directory or link.</param>
/// <param name="Size">Bytes of a file.</param>
internal sealed record LocalItem(string Local, VaultPath Target, LocalKind Kind, long Size);
