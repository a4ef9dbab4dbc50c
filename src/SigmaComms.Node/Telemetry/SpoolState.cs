namespace SigmaComms.Node.Telemetry;

/// <summary>How telemetry itself is.</summary>
/// <param name="IsReachable">Whether the server took the last thing that was sent; true before the first.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="LastError">Why the last attempt failed, or null.</param>
/// <param name="WaitingBytes">What waits on disk.</param>
/// <param name="WaitingBatches">In so many batches.</param>
/// <param name="Sent">Batches that the server took since the start.</param>
/// <param name="Dropped">Batches that were lost since the start: no room, or refused for good.</param>
internal sealed record SpoolState(
    bool IsReachable,
    DateTimeOffset Since,
    string? LastError,
    long WaitingBytes,
    long WaitingBatches,
    long Sent,
    long Dropped);
