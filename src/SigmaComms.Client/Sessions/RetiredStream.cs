namespace SigmaComms.Client.Sessions;

/// <summary>A numbering that the peer has given up; what still comes of it is late.</summary>
/// <param name="Stream">Its name.</param>
/// <param name="NextCounter">Everything below this counter is here, or was given up.</param>
internal readonly record struct RetiredStream(ulong Stream, ulong NextCounter);
