namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>How much the directory holds. The same on every node, for ever: part of the genesis.</summary>
/// <param name="NamesMax">The most names. Default 262,144.</param>
/// <param name="RevisionsMax">The most records a name ever had. Default 4,096.</param>
/// <param name="UpdatesMax">The most updates in all. Default 1,048,576.</param>
/// <param name="BytesMax">The most bytes of newest records. Default 256 MiB.</param>
public sealed record DirectoryLimits(
    int NamesMax = 262_144, uint RevisionsMax = 4_096, ulong UpdatesMax = 1_048_576, long BytesMax = 256L << 20);
