using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Keys;

/// <summary>Make a voting key and keep it. Reply: <see cref="KeyMade"/>.</summary>
/// <param name="Incarnation">For which incarnation.</param>
/// <param name="Needed">The hashes of the keys that must stay, however many there are.</param>
internal sealed record MakeKey(uint Incarnation, IReadOnlyList<Digest> Needed);
