using SigmaComms.Client.Transparency;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using CertifiedVault = SigmaComms.Consensus.VaultCommands.VaultSummary;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// How far the validators certify the streams of vaults. No node is believed: what counts is under the signatures of a
/// quorum, and never goes back. Safe to call from any thread.
/// </summary>
internal sealed class VaultWitness(StateInquiry inquiry)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, CertifiedVault> _proven = [];

    /// <summary>Why the last proof could not be had, for people; empty if there was none.</summary>
    public string LastFailure => inquiry.LastFailure;

    /// <summary>Whether what is certified is good enough where no quorum answers, though perhaps older.</summary>
    public bool MayBeBehind
    {
        get => inquiry.MayBeBehind;
        set => inquiry.MayBeBehind = value;
    }

    /// <summary>Whether something was shown that is perhaps not the newest.</summary>
    public bool IsBehind => inquiry.IsBehind;

    /// <summary>The longest stream that was certified of a vault; null if none was yet.</summary>
    public CertifiedVault? Find(Digest vault)
    {
        lock (_gate)
        {
            return _proven.GetValueOrDefault(vault);
        }
    }

    /// <summary>Puts a node last from now on: what it said cannot be.</summary>
    public void Distrust(NodeId node) => inquiry.Distrust(node);

    /// <summary>
    /// Asks f + 1 validators, one after the other, for all that is final, and takes the longest that is certified.
    /// </summary>
    public async Task<VaultFinding> AskManyAsync(Digest vault, CancellationToken ct)
    {
        (int answered, int needed) = await inquiry.AskManyAsync(new HeadQuestion(Vault: vault), Keep, ct);
        return new VaultFinding(answered >= needed, Find(vault), answered, needed);
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
            (NodeId? node, ProofFinding finding) = await inquiry.AskOneAsync(
                new HeadQuestion(Vault: vault), after, isLinearizable, other => !asked.Contains(other), ct);
            if (node is not { } answered || asked.Count >= StateInquiry.NodesMax)
            {
                return (Find(vault), isDenied);
            }

            Keep(finding);
            asked.Add(answered);
            isDenied |= isLinearizable && finding.IsProven;
        }

        return (Find(vault), false);
    }

    private void Keep(ProofFinding finding)
    {
        if (finding is not { IsProven: true, Vault: { } summary })
        {
            return;
        }

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
