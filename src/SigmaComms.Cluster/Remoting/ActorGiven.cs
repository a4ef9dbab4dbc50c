using SigmaComms.Actors;

namespace SigmaComms.Cluster.Remoting;

/// <summary>Tells the peer's desk that the peer can address an actor from now on.</summary>
internal sealed record ActorGiven(IActorRef Actor);
