namespace SigmaComms.Client;

/// <summary>Something about the connection or a peer that the user may want to know.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">The node's or the peer's name.</param>
/// <param name="Detail">More, for people.</param>
public sealed record ClientEvent(ClientEventKind Kind, string Subject, string Detail);
