using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>Start the session's actor, so that it goes on with what is stored.</summary>
internal sealed record OpenSession(RemoteDevice Remote, string Peer);
