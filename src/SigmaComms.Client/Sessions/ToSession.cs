using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>An input for the session with a device; it is started if need be.</summary>
internal sealed record ToSession(RemoteDevice Remote, string Peer, SessionInput Input);
