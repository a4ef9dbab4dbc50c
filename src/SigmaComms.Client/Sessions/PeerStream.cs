namespace SigmaComms.Client.Sessions;

/// <summary>How far the peer's numbering has come here.</summary>
/// <param name="Stream">Its name; 0 before anything came.</param>
/// <param name="NextCounter">The counter that must come next.</param>
/// <param name="NextPlace">The place that the next message for the application gets.</param>
internal readonly record struct PeerStream(ulong Stream, ulong NextCounter, ulong NextPlace);
