using SigmaComms.Actors;

namespace SigmaComms.Cluster.Tests.Remoting;

/// <summary>A message of the tests that may carry a reference.</summary>
internal sealed record Note(string Text, IActorRef? Actor = null);
