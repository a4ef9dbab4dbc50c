namespace SigmaComms.Actors.Health;

/// <summary>Reads an actor's health from its cell, from any thread.</summary>
internal static class Snapshots
{
    public static ActorSnapshot Snapshot(this ActorCell cell)
    {
        (int depth, TimeSpan oldestAge) = cell.Backlog();
        ActorAnnex? annex = cell.AnnexOrNull;
        (int inWindow, string? lastError, DateTimeOffset? at) = annex?.Failures?.Read() ?? default;
        return new ActorSnapshot(
            cell.Path, cell.TypeName, cell.State, depth, cell.Capacity, oldestAge, cell.Processed, inWindow,
            cell.Restarts, cell.Dropped, cell.LongestHandler, annex?.Holding?.For ?? TimeSpan.Zero, lastError, at,
            annex?.GaveUpAt,
            annex?.Breakers is { } breakers ? [.. breakers.Select(static breaker => breaker.Snapshot())] : [],
            [.. cell.AllChildren().Select(static child => child.Snapshot())],
            Verdict.Healthy)
        {
            MailboxBytes = cell.Weights?.Bytes ?? 0,
            MailboxBytesMax = cell.Weights?.BytesMax,
        }.Judged(cell.System.Time.GetUtcNow());
    }
}
