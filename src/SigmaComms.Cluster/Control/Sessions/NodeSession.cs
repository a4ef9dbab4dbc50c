using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Sessions;

/// <summary>A session under which this node orders commands of its clients.</summary>
/// <param name="Client">Its random id.</param>
/// <param name="Next">The next number.</param>
internal readonly record struct NodeSession(Digest Client, ulong Next);
