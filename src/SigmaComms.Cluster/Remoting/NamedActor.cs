using SigmaComms.Actors;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Remoting;

/// <summary>An actor with a name, and the nodes that may find it.</summary>
internal sealed record NamedActor(IActorRef Actor, IReadOnlySet<NodeId> Allowed);
