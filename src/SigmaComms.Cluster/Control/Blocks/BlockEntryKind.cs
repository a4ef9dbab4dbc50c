namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>What an entry of a block file is.</summary>
internal enum BlockEntryKind : byte
{
    /// <summary>A finalized block.</summary>
    Block = 1,

    /// <summary>What shows that the block is final.</summary>
    Proof = 2,
}
