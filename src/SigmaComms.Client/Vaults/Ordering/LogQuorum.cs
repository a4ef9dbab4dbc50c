using Microsoft.Extensions.Logging;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// Asks f + 1 validators, of which one is honest, for what is final everywhere, and compares. So fewer than a third of
/// them, whatever they agree on, cannot show a client a stream of yesterday or a branch of their own. Safe to call from
/// any thread.
/// </summary>
public sealed class LogQuorum
{
    private const int RoundsMax = 3;
    private const int NodesMax = 80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ILogNodes _nodes;
    private readonly Func<CancellationToken, Task<ValidatorSet>> _validators;
    private readonly ILogger _logger;

    internal LogQuorum(ILogNodes nodes, Func<CancellationToken, Task<ValidatorSet>> validators, ILogger logger) =>
        (_nodes, _validators, _logger) = (nodes, validators, logger);

    /// <summary>Asks what there is of a vault's stream. A contradiction is logged, too.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="remembered">How far this client ever came, or default.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<QuorumFinding> AskAsync(Digest vault, LogPosition remembered, CancellationToken ct)
    {
        ValidatorSet validators = await _validators(ct);
        QuorumFinding? finding = null;
        for (int round = 0; round < RoundsMax && finding is null; round++)
        {
            finding = await AskOnceAsync(vault, remembered, validators, ct);
        }

        finding ??= new QuorumFinding(
            QuorumVerdict.TooFew, default, 0, NeededOf(validators), "entries go away faster than they can be compared");
        if (finding.Verdict == QuorumVerdict.Contradicted)
        {
            _logger.LogContradicted(vault.ToString(), finding.Detail);
        }

        return finding;
    }

    private static int NeededOf(ValidatorSet validators) => validators.FaultsMax + 1;

    /// <summary>Null if what was to be compared is gone meanwhile: to be asked again.</summary>
    private async Task<QuorumFinding?> AskOnceAsync(
        Digest vault, LogPosition remembered, ValidatorSet validators, CancellationToken ct)
    {
        List<Shown> shown = await CollectAsync(vault, validators, ct);
        int needed = NeededOf(validators);
        Shown longest = shown.Aggregate(new Shown(default, null), static (most, next) =>
            next.Standing is not null && next.Count >= most.Count ? next : most);
        LogPosition end = longest.Standing is { } at ? new LogPosition(at.Count, at.Head) : default;
        QuorumFinding Find(QuorumVerdict verdict, string detail) => new(verdict, end, shown.Count, needed, detail);

        // Each of them was asked after the one before had answered, and everything final was asked for.
        for (int i = 1; i < shown.Count; i++)
        {
            if (shown[i].Standing is null ? shown[i - 1].Standing is not null : shown[i].Count < shown[i - 1].Count)
            {
                return Find(QuorumVerdict.Contradicted, $"{shown[i]}, though {shown[i - 1]} before that");
            }
        }

        if (longest.Standing is not null && ObjectionOf(shown, longest, remembered) is { } objection)
        {
            return Find(QuorumVerdict.Contradicted, objection);
        }

        if (longest.Standing is null && remembered.Count > 0 && shown.Count > 0)
        {
            return Find(
                QuorumVerdict.Contradicted, $"{shown[0]}, and this client has seen {remembered.Count} entries");
        }

        foreach (Shown shorter in shown.Where(other => other.Standing is not null && other.Count < longest.Count))
        {
            if (await LeadsToAsync(vault, shorter, longest, ct) is not { } leads)
            {
                return null;
            }

            if (!leads)
            {
                return Find(QuorumVerdict.Contradicted, $"{shorter} and {longest}, of another past");
            }
        }

        return shown.Count < needed
            ? Find(
                QuorumVerdict.TooFew,
                $"{shown.Count} validators answer and {needed} must, so that one of them is surely honest")
            : Find(longest.Standing is null ? QuorumVerdict.VaultUnknown : QuorumVerdict.Agreed, "");
    }

    private static string? ObjectionOf(List<Shown> shown, Shown longest, LogPosition remembered)
    {
        foreach (Shown other in shown.Where(static other => other.Standing is not null))
        {
            if (other.Standing!.Owner != longest.Standing!.Owner)
            {
                return $"{other} and {longest} name different owners";
            }

            if (other.Count == longest.Count && other.Standing.Head != longest.Standing.Head)
            {
                return $"{other} and {longest}, and they are not the same: the log is forked";
            }
        }

        if (longest.Count < remembered.Count)
        {
            return $"{longest}, and this client has seen {remembered.Count} entries: the log is rolled back";
        }

        return longest.Count == remembered.Count && remembered.Count > 0 && longest.Standing!.Head != remembered.Head
            ? $"{longest}, and they are not those that this client has seen: the log is forked"
            : null;
    }

    private async Task<List<Shown>> CollectAsync(Digest vault, ValidatorSet validators, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        List<Shown> shown = [];
        for (int i = 0; i < NodesMax && shown.Count < NeededOf(validators); i++)
        {
            // No entries are wanted, so none so late is there.
            ReadVault ask = new(vault, ulong.MaxValue, 0, 0, IsLinearizable: true);
            if (await _nodes.AskAsync(ask, node => !asked.Contains(node), Patience, ct) is not { } answer)
            {
                break;
            }

            asked.Add(answer.Node);
            if (!validators.TryIndexOf(answer.Node, out _))
            {
                continue;
            }

            switch (answer.Answer)
            {
                case VaultPage { Standing: { } standing }:
                    shown.Add(new Shown(answer.Node, standing));
                    break;
                case Refused { Reason: RefusalReason.NotFound }:
                    shown.Add(new Shown(answer.Node, null));
                    break;
            }
        }

        return shown;
    }

    /// <summary>Whether the longer stream goes on from the shorter one; null if its node does not show it.</summary>
    private async Task<bool?> LeadsToAsync(Digest vault, Shown shorter, Shown longest, CancellationToken ct)
    {
        ulong index = shorter.Count;
        Digest head = shorter.Standing!.Head;
        while (index < longest.Count)
        {
            ReadVault ask = new(vault, index, longest.Standing!.Height, 0, IsLinearizable: false);
            AskedNode? asked = await _nodes.AskAsync(ask, node => node == longest.Node, Patience, ct);
            if (asked?.Answer is not VaultPage { Entries.Count: > 0 } page)
            {
                return null;
            }

            foreach (VaultPageEntry entry in page.Entries.TakeWhile(_ => index < longest.Count))
            {
                if (entry.Timestamp > long.MaxValue)
                {
                    return false;
                }

                head = new LogEntry(index++, entry.Writer, entry.Sequence, (long)entry.Timestamp, entry.Content)
                    .HeadAfter(head);
            }
        }

        return head == longest.Standing!.Head;
    }

    /// <summary>What a validator shows; without a standing it says that there is no such vault.</summary>
    private sealed record Shown(NodeId Node, VaultStanding? Standing)
    {
        public ulong Count => Standing?.Count ?? 0;

        public override string ToString() => Standing is null
            ? $"node {Node.Short} shows no such vault"
            : $"node {Node.Short} shows {Count} entries";
    }
}
