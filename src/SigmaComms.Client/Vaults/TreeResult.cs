namespace SigmaComms.Client.Vaults;

/// <summary>What was transferred of a tree.</summary>
/// <param name="Files">Files.</param>
/// <param name="Directories">Directories, the top one among them.</param>
/// <param name="Links">Symbolic links.</param>
/// <param name="Bytes">Bytes of the files.</param>
/// <param name="Skipped">What was left out, with the reason, for people; nothing if all went well.</param>
public sealed record TreeResult(
    long Files, long Directories, long Links, long Bytes, IReadOnlyList<string> Skipped);
