namespace SigmaComms.Cluster.Directory;

/// <summary>The one-time prekeys of one device on this node, oldest first. Belongs to the prekeys' actor.</summary>
internal sealed class PrekeyShelf(long epoch)
{
    public long Epoch { get; } = epoch;

    public long Sequence { get; set; }

    public Queue<(long Sequence, ReadOnlyMemory<byte> Bundle)> Bundles { get; } = new();
}
