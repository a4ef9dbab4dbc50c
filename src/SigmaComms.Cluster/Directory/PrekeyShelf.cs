namespace SigmaComms.Cluster.Directory;

/// <summary>
/// Which one-time prekeys of one device the journal has, oldest first, and when each ends. Belongs to the prekeys'
/// actor.
/// </summary>
internal sealed class PrekeyShelf(long epoch)
{
    public long Epoch { get; } = epoch;

    public long Sequence { get; set; }

    public Queue<(long Sequence, DateTimeOffset Expiry)> Bundles { get; } = new();
}
