using SigmaComms.Client.Transparency;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using CertifiedVault = SigmaComms.Consensus.VaultCommands.VaultSummary;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// How far the validators certify the streams of vaults. No node is believed: what counts is under the signatures of a
/// quorum, and never goes back. One node can still show what was true yesterday; f + 1 validators cannot, since one of
/// them is honest. Safe to call from any thread.
/// </summary>
internal sealed class VaultWitness(LogWitness witness, ILogNodes nodes)
{
    private const int NodesMax = 80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, CertifiedVault> _proven = [];

    /// <summary>Why the last proof could not be had, for people; empty if there was none.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>The longest stream that was certified of a vault; null if none was yet.</summary>
    public CertifiedVault? Find(Digest vault)
    {
        lock (_gate)
        {
            return _proven.GetValueOrDefault(vault);
        }
    }

    /// <summary>Puts a node last from now on: what it said cannot be.</summary>
    public void Distrust(NodeId node) => nodes.Distrust(node);

    /// <summary>
    /// Asks f + 1 validators, one after the other, for all that is final, and takes the longest that is certified.
    /// </summary>
    public async Task<VaultFinding> AskManyAsync(Digest vault, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        HashSet<NodeId> proved = [];
        for (int i = 0; i < NodesMax; i++)
        {
            // Where trust begins nobody knows yet who votes today: whoever is asked first tells.
            TrustedHead head = witness.Head;
            bool mayAsk(NodeId node) => !asked.Contains(node)
                && (head.Height.Value == 0 || head.Validators.TryIndexOf(node, out _));
            (NodeId? node, ProofFinding finding) = await AskAsync(vault, 0, isLinearizable: true, mayAsk, ct);
            if (node is not { } answered)
            {
                break;
            }

            asked.Add(answered);
            if (finding.IsProven)
            {
                proved.Add(answered);
            }

            ValidatorSet validators = witness.Head.Validators;
            if (CountOf(proved, validators) > validators.FaultsMax)
            {
                break;
            }
        }

        ValidatorSet voters = witness.Head.Validators;
        int count = CountOf(proved, voters);
        return new VaultFinding(count > voters.FaultsMax, Find(vault), count, voters.FaultsMax + 1);
    }

    /// <summary>Asks one node after the other until a stream is certified to be as far as somebody says.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="count">How many entries it is to have had.</param>
    /// <param name="first">Before which one nothing is to be kept.</param>
    /// <param name="after">A block whose commands are to be in it.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>
    /// The longest that is certified now, perhaps not as far; and whether somebody showed all that is final, and that
    /// was not as far.
    /// </returns>
    public async Task<(CertifiedVault? Proven, bool IsDenied)> ReachAsync(
        Digest vault, ulong count, ulong first, ulong after, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        bool isDenied = false;
        while (Find(vault) is not { } known || known.Count < count || known.First < first)
        {
            // Who is asked after somebody showed too little is asked for all that is final anywhere.
            bool isLinearizable = asked.Count > 0;
            (NodeId? node, ProofFinding finding) = await AskAsync(
                vault, after, isLinearizable, other => !asked.Contains(other), ct);
            if (node is not { } answered || asked.Count >= NodesMax)
            {
                return (Find(vault), isDenied);
            }

            asked.Add(answered);
            isDenied |= isLinearizable && finding.IsProven;
        }

        return (Find(vault), false);
    }

    private static int CountOf(HashSet<NodeId> proved, ValidatorSet validators) =>
        proved.Count(node => validators.TryIndexOf(node, out _));

    private async Task<(NodeId? Node, ProofFinding Finding)> AskAsync(
        Digest vault, ulong after, bool isLinearizable, Func<NodeId, bool> mayAsk, CancellationToken ct)
    {
        NodeId? asked = null;
        ProofFinding finding = await witness.AskAsync(
            async head =>
            {
                GetStateProof ask = new(
                    head.Validators.Epoch.Value,
                    head.Height.Value,
                    head.Directory.HistoryCount,
                    after,
                    vault,
                    WithMembers: false,
                    isLinearizable);
                AskedNode? answer = await nodes.AskAsync(
                    ask, node => asked is { } same ? node == same : mayAsk(node), Patience, ct);
                asked = answer?.Node ?? asked;
                return answer?.Answer is { } said
                    ? (answer.Node.Short, said)
                    : throw new LinkException(LinkFailure.Dropped, "no node answers");
            },
            new HeadQuestion(Vault: vault),
            ct);
        if (finding is { IsProven: true, Vault: { } summary })
        {
            Keep(summary);
        }

        LastFailure = finding.IsProven ? LastFailure : finding.Detail;
        if (finding.Verdict == ProofVerdict.Refused && asked is { } liar)
        {
            Distrust(liar);
        }

        return (asked, finding);
    }

    private void Keep(CertifiedVault summary)
    {
        lock (_gate)
        {
            // Heads only go forward, yet two of them may be looked at here in another order.
            if (!_proven.TryGetValue(summary.Id, out CertifiedVault? known)
                || summary.Count > known.Count || (summary.Count == known.Count && summary.First >= known.First))
            {
                _proven[summary.Id] = summary;
            }
        }
    }
}
