using SigmaComms.Actors;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Remoting;

/// <summary>A word on its way out, and for a message what it was made of, should it not arrive.</summary>
internal readonly record struct Outgoing(ActorItem Item, object? Message, IActorRef? Sender, RemoteRef? Target);
