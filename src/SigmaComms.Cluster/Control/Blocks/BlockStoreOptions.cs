namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>What a block store keeps.</summary>
internal sealed class BlockStoreOptions
{
    /// <summary>Bytes that all block files may have; the oldest are deleted first. Default 4 GiB.</summary>
    public long SizeBytesMax { get; set; } = 4L << 30;

    /// <summary>A proof of finality is kept once in so many blocks, at least 1. Default 256.</summary>
    public ulong BlocksPerProof { get; set; } = 256;

    /// <summary>And once in so much of the blocks' own time, if that comes first. Default 1 s.</summary>
    public TimeSpan TimePerProof { get; set; } = TimeSpan.FromSeconds(1);
}
