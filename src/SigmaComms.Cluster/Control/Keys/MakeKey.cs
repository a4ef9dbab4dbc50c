namespace SigmaComms.Cluster.Control.Keys;

/// <summary>Make a voting key and keep it. Reply: <see cref="KeyMade"/>.</summary>
/// <param name="Incarnation">For which incarnation.</param>
internal sealed record MakeKey(uint Incarnation);
