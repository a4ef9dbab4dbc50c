using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;
using CertifiedVault = SigmaComms.Consensus.VaultCommands.VaultSummary;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// The streams of vaults as far as the validators certify them: what a node shows beyond is not handed on, and an
/// append is done only once a certified stream is as long as it must be. The first look at a vault asks f + 1
/// validators. Safe to call from any thread.
/// </summary>
/// <remarks>
/// A page that does not lead to what is certified is another node's to show, if all of it can be judged at once. Of a
/// long stream whoever follows it finds out at its end: then a node lied, and following begins anew.
/// </remarks>
internal sealed class ProvenCommandLog(ControlCommandLog log, VaultWitness witness) : ICommandLog
{
    private const int NodesMax = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, PageTrail> _trails = [];
    private readonly Dictionary<Digest, (ulong Sequence, NodeId Node)> _claims = [];

    /// <inheritdoc/>
    public NodeId Writer => log.Writer;

    /// <inheritdoc/>
    public async ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Doubt(vault, sequence);
        (LogAppend sent, NodeId? node) = await log.AppendThroughAsync(vault, sequence, content, cancellation);
        if (sent.Status != LogStatus.Done)
        {
            return sent;
        }

        Claim(vault, sequence, node);
        (CertifiedVault? proven, _) = await witness.ReachAsync(
            vault, sent.Number + 1, first: 0, log.Height, cancellation);
        return proven?.Count > sent.Number ? sent : new LogAppend(LogStatus.Unreachable, 0);
    }

    /// <inheritdoc/>
    public ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        log.TrimAsync(vault, first, cancellation);

    /// <inheritdoc/>
    public ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation) =>
        log.WaitAsync(vault, count, cancellation);

    /// <inheritdoc/>
    public async ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        if (witness.Find(vault) is null)
        {
            VaultFinding finding = await witness.AskManyAsync(vault, cancellation);
            if (!finding.IsEnough || finding.Summary is null)
            {
                return Nothing(finding.IsEnough ? LogStatus.VaultUnknown : LogStatus.Unreachable);
            }
        }

        HashSet<NodeId> avoid = [];
        while (avoid.Count < NodesMax)
        {
            log.Believe(vault, witness.Find(vault)!.Count);
            (LogRange range, NodeId? node) = await log.ReadFromAsync(vault, first, avoid, cancellation);
            if (node is not { } shower || range.Status is not (LogStatus.Done or LogStatus.OutOfRange))
            {
                break;
            }

            (CertifiedVault? proven, bool isDenied) = await witness.ReachAsync(
                vault, range.End.Count, range.First, log.Height, cancellation);
            LogRange certified = Certified(first, range, proven!);
            if (range.First <= proven!.First && IsOnTheWay(vault, first, certified, proven, shower))
            {
                if (isDenied)
                {
                    // It claims more than there is; what it shows of the rest is true.
                    witness.Distrust(shower);
                    log.Believe(vault, proven.Count);
                }

                return certified;
            }

            avoid.Add(shower);
            witness.Distrust(shower);
        }

        return Nothing(LogStatus.Unreachable);
    }

    private static LogRange Nothing(LogStatus status) => new(status, 0, default, default, []);

    private static LogRange Certified(ulong first, LogRange range, CertifiedVault proven)
    {
        bool isThere = first >= range.First && first <= proven.Count;
        return new LogRange(
            isThere ? LogStatus.Done : LogStatus.OutOfRange,
            range.First,
            range.First == proven.First ? proven.FirstHead : range.FirstHead,
            new LogPosition(proven.Count, proven.Head),
            [.. range.Entries.Where(entry => entry.Index < proven.Count)]);
    }

    /// <summary>
    /// Whether entries may be handed on: they lead to what is certified, or that cannot be judged yet.
    /// </summary>
    private bool IsOnTheWay(Digest vault, ulong first, LogRange range, CertifiedVault proven, NodeId shower)
    {
        lock (_gate)
        {
            PageTrail? trail = _trails.GetValueOrDefault(vault);
            if (range.Entries.Count == 0)
            {
                return true;
            }

            trail = first == 0 ? PageTrail.From(new LogPosition(0, LogEntry.StartOf(vault)))
                : first == proven.First ? PageTrail.From(new LogPosition(first, proven.FirstHead))
                : trail?.At.Count == first ? trail
                : null;
            if (trail is null)
            {
                return true;
            }

            PageTrail next = trail.After(range.Entries, shower);
            if (next.At.Count < proven.Count)
            {
                _trails[vault] = next;
                return true;
            }

            bool isTrue = next.At.Head == proven.Head;
            _trails[vault] = PageTrail.From(new LogPosition(proven.Count, proven.Head));
            if (isTrue || trail.Showers.IsEmpty)
            {
                return isTrue;
            }

            // One of those who showed the pages lied. Who follows sees that this is not the certified head.
            foreach (NodeId suspect in next.Showers)
            {
                witness.Distrust(suspect);
            }

            return true;
        }
    }

    /// <summary>Remembers who says that an entry was ordered.</summary>
    private void Claim(Digest vault, ulong sequence, NodeId? node)
    {
        lock (_gate)
        {
            if (node is { } claimer)
            {
                _claims[vault] = (sequence, claimer);
            }
        }
    }

    /// <summary>An entry is sent again though a node said that it was ordered: that was not to be seen.</summary>
    private void Doubt(Digest vault, ulong sequence)
    {
        lock (_gate)
        {
            if (_claims.Remove(vault, out (ulong Sequence, NodeId Node) claim) && claim.Sequence == sequence)
            {
                witness.Distrust(claim.Node);
            }
        }
    }
}
