using Microsoft.Extensions.Logging;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;
using CertifiedVault = SigmaComms.Consensus.VaultCommands.VaultSummary;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Asks f + 1 validators, of which one is honest, for what is final everywhere, each under the signatures of a quorum.
/// So fewer than a third of them can neither show a client a stream of yesterday or a branch of their own, nor make it
/// believe that honest ones do. Safe to call from any thread.
/// </summary>
public sealed class LogQuorum
{
    private const int NodesMax = 80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly VaultWitness _witness;
    private readonly ILogNodes _nodes;
    private readonly ILogger _logger;

    internal LogQuorum(VaultWitness witness, ILogNodes nodes, ILogger logger) =>
        (_witness, _nodes, _logger) = (witness, nodes, logger);

    /// <summary>Asks what there is of a vault's stream. A contradiction is logged, too.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="remembered">How far this client ever came, or default.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<QuorumFinding> AskAsync(Digest vault, LogPosition remembered, CancellationToken ct)
    {
        VaultFinding found = await _witness.AskManyAsync(vault, ct);
        (QuorumVerdict verdict, string detail) = found.IsEnough
            ? await JudgeAsync(vault, found.Summary, remembered, ct)
            : (QuorumVerdict.TooFew, $"so that one of them is surely honest: {_witness.LastFailure}");
        if (verdict == QuorumVerdict.Contradicted)
        {
            _logger.LogContradicted(vault.ToString(), detail);
        }

        LogPosition end = found.Summary is { } summary ? new LogPosition(summary.Count, summary.Head) : default;
        return new QuorumFinding(verdict, end, found.Answered, found.Needed, detail);
    }

    private async Task<(QuorumVerdict Verdict, string Detail)> JudgeAsync(
        Digest vault, CertifiedVault? certified, LogPosition remembered, CancellationToken ct)
    {
        if (certified is null)
        {
            return remembered.Count > 0
                ? (QuorumVerdict.Contradicted,
                    $"the validators certify that there is no such vault, and this client has seen {remembered.Count} "
                    + "entries of it")
                : (QuorumVerdict.VaultUnknown, "");
        }

        if (certified.Count < remembered.Count)
        {
            return (QuorumVerdict.Contradicted,
                $"the validators certify {certified.Count} entries, and this client has seen {remembered.Count}: "
                + "the log is rolled back, or a node showed this client what never was");
        }

        // Of a stream whose beginning was dropped nobody can show any more what it goes on from.
        bool isGone = remembered.Count < certified.First || remembered.Count == 0;
        Digest? head = isGone ? remembered.Head
            : remembered.Count == certified.Count ? certified.Head
            : await HeadAtAsync(vault, remembered.Count, certified, ct);
        return head == remembered.Head ? (QuorumVerdict.Agreed, "")
            : head is null ? (QuorumVerdict.TooFew, "and one show the entries since this client's last look")
            : (QuorumVerdict.Contradicted,
                $"the {certified.Count} entries that the validators certify do not go on from the {remembered.Count} "
                + "that this client has seen: the log is forked, or a node showed this client what never was");
    }

    /// <summary>The chain before an entry, as it leads to what is certified; null if no node shows the way.</summary>
    private async Task<Digest?> HeadAtAsync(
        Digest vault, ulong index, CertifiedVault certified, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        while (asked.Count < NodesMax)
        {
            NodeId? shower = null;
            Digest? before = null;
            Digest head = default;
            ulong at = index;
            while (at < certified.Count)
            {
                ReadVault ask = new(vault, at, 0, 0, IsLinearizable: false);
                AskedNode? answer = await _nodes.AskAsync(
                    ask, node => shower is { } same ? node == same : !asked.Contains(node), Patience, ct);
                shower ??= answer?.Node;
                if (answer?.Answer is not VaultPage { Entries.Count: > 0 } page)
                {
                    break;
                }

                before ??= page.HeadBefore;
                head = at == index ? page.HeadBefore : head;
                foreach (VaultPageEntry entry in page.Entries.Take((int)Math.Min(certified.Count - at, int.MaxValue)))
                {
                    long time = (long)(entry.Timestamp & long.MaxValue);
                    head = new LogEntry(at++, entry.Writer, entry.Sequence, time, entry.Content).HeadAfter(head);
                }
            }

            if (at == certified.Count && head == certified.Head)
            {
                return before;
            }

            if (shower is not { } failed)
            {
                return null;
            }

            asked.Add(failed);
        }

        return null;
    }
}
