using System.Collections.Concurrent;
using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>Adds up what was found of stripes. Safe to call from any thread.</summary>
internal sealed class ReportCount
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<NodeId, byte> _silent = [];
    private readonly HashSet<StripeId> _lost = [];
    private long _stripes;
    private long _whole;
    private long _degraded;
    private long _missing;
    private long _corrupt;
    private long _elsewhere;
    private long _crowded;
    private long _rebuilt;

    /// <summary>Stripes that cannot be read.</summary>
    public IReadOnlySet<StripeId> Lost => _lost;

    /// <summary>Adds a stripe.</summary>
    public void Add(StripeEntry entry, StripeFindings findings, int rebuilt)
    {
        lock (_gate)
        {
            int found = findings.Found;
            _stripes++;
            _whole += found == entry.Fragments ? 1 : 0;
            _missing += entry.Fragments - found;
            _corrupt += findings.Corrupt.Count;
            bool isCrowded = entry.ParityFragments > 0 && findings.MostAtOneNode > entry.ParityFragments;
            _crowded += isCrowded ? 1 : 0;
            _elsewhere += findings.Elsewhere;
            _rebuilt += rebuilt;
            if (found < entry.DataFragments)
            {
                _lost.Add(entry.Stripe);
            }
            else
            {
                _degraded += found < entry.Fragments ? 1 : 0;
            }

            foreach (NodeId node in findings.Silent)
            {
                _silent.TryAdd(node, 0);
            }
        }
    }

    /// <summary>The sums.</summary>
    public VaultReport ToReport(LogPosition position, IReadOnlyList<VaultPath> lostFiles) => new(
        _stripes,
        _whole,
        _degraded,
        _lost.Count,
        _missing,
        _corrupt,
        _elsewhere,
        _rebuilt,
        _crowded,
        position,
        [.. _silent.Keys.Order()],
        lostFiles);
}
