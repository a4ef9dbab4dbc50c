using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>Finds the newest snapshot in a log whose first entries are gone, for a client that has no state.</summary>
public static class SnapshotFinder
{
    /// <summary>Reads the log for the newest header that opens and the newest snapshot that it opens.</summary>
    /// <param name="access">What the session will need.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>
    /// The snapshot whose place in the log's chain was checked, or null. Its state is checked when a session starts
    /// from it, against the digest its writer noted.
    /// </returns>
    public static async ValueTask<SnapshotNotice?> FindAsync(VaultAccess access, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(access);
        LogRange range = await ReadAllAsync(access, cancellation);
        if (range.Status != LogStatus.Done || !TryHeads(range, out List<Digest> heads))
        {
            return null;
        }

        using EntryKeys keys = new();
        keys.Take(HeaderKeys.NewestOf(access, range.Entries));
        SnapshotNotice? newest = null;
        foreach (LogEntry entry in range.Entries)
        {
            SnapshotNotice? notice = keys.Ring is null ? null : Open(access.Vault, keys, entry);
            bool inChain = notice is not null && notice.At.Count >= range.First && notice.At.Count <= entry.Index
                && heads[(int)(notice.At.Count - range.First)] == notice.At.Head;
            newest = inChain ? notice : newest;
        }

        return newest;
    }

    // A log gives what it has page by page.
    private static async ValueTask<LogRange> ReadAllAsync(VaultAccess access, CancellationToken cancellation)
    {
        LogRange range = await access.Log.ReadAsync(access.Vault, 0, cancellation);
        if (range.First > 0)
        {
            range = await access.Log.ReadAsync(access.Vault, range.First, cancellation);
        }

        List<LogEntry> entries = [.. range.Entries];
        LogRange next = range;
        while (next.Status == LogStatus.Done && next.Entries.Count > 0
            && range.First + (ulong)entries.Count < range.End.Count)
        {
            next = await access.Log.ReadAsync(access.Vault, range.First + (ulong)entries.Count, cancellation);
            ulong missing = range.End.Count - range.First - (ulong)entries.Count;
            entries.AddRange(next.Entries.Take((int)Math.Min(missing, int.MaxValue)));
        }

        return range with { Entries = entries };
    }

    private static SnapshotNotice? Open(Digest vault, EntryKeys keys, LogEntry entry)
    {
        EntryPlace place = new(vault, entry.Writer, entry.Sequence);
        if (!SealedBatch.TryRead(entry.Content.Span, out SealedBatch? batch) || batch.Kind != EntryKind.Snapshot
            || batch.Epoch > (keys.Ring?.Epoch ?? 0))
        {
            return null;
        }

        ReadOnlySpan<byte> key = keys.NamespaceKey(batch.Epoch);
        return SealedBatch.TryOpen(entry.Content.Span, place, key, out byte[]? body)
            && SnapshotNotice.TryDecode(body, out SnapshotNotice? notice) ? notice : null;
    }

    /// <summary>The heads before each entry and after the last; false unless they lead to the log's own.</summary>
    private static bool TryHeads(LogRange range, out List<Digest> heads)
    {
        heads = [range.FirstHead];
        for (int i = 0; i < range.Entries.Count; i++)
        {
            if (range.Entries[i].Index != range.First + (ulong)i)
            {
                return false;
            }

            heads.Add(range.Entries[i].HeadAfter(heads[^1]));
        }

        return range.First + (ulong)range.Entries.Count == range.End.Count && heads[^1] == range.End.Head;
    }
}
