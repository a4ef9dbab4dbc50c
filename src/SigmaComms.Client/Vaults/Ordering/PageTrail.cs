using System.Collections.Immutable;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>How far pages of a stream led, and who showed those that cannot be judged yet. Immutable.</summary>
/// <param name="At">The entries up to there, and the hash chain over them as the pages have it.</param>
/// <param name="Showers">Who showed pages since the last place that is certified.</param>
internal sealed record PageTrail(LogPosition At, ImmutableHashSet<NodeId> Showers)
{
    /// <summary>A trail that begins at a certified place.</summary>
    public static PageTrail From(LogPosition certified) => new(certified, []);

    /// <summary>The trail after one more page.</summary>
    public PageTrail After(IReadOnlyList<LogEntry> entries, NodeId shower)
    {
        Digest head = At.Head;
        foreach (LogEntry entry in entries)
        {
            head = entry.HeadAfter(head);
        }

        return new PageTrail(new LogPosition(At.Count + (ulong)entries.Count, head), Showers.Add(shower));
    }
}
