using SigmaComms.Actors;

namespace SigmaComms.Cluster.Remoting;

/// <summary>A message that was sent to a peer, without its bytes.</summary>
internal readonly record struct SentMessage(ulong Number, object Message, IActorRef? Sender, RemoteRef Target);
