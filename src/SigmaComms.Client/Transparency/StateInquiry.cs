using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Transparency;

/// <summary>
/// Has nodes prove parts of the control log's state. One node can show what was true yesterday; f + 1 validators
/// cannot, since one of them is honest. Safe to call from any thread.
/// </summary>
internal sealed class StateInquiry(LogWitness witness, ILogNodes nodes)
{
    /// <summary>The most nodes that are asked one question.</summary>
    public const int NodesMax = 80;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Why the last proof could not be had, for people; empty if there was none.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Whether what is certified is good enough where no quorum answers, though perhaps older.</summary>
    public bool MayBeBehind { get; set; }

    /// <summary>Whether something was shown that is perhaps not the newest.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Puts a node last from now on: what it said cannot be.</summary>
    public void Distrust(NodeId node) => nodes.Distrust(node);

    /// <summary>Asks f + 1 validators, one after the other, for all that is final.</summary>
    /// <param name="question">A vault, the members, or both.</param>
    /// <param name="taken">Hears of each proof that holds; each goes on from the one before.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>How many validators proved it, and how many must so that one of them is honest.</returns>
    public async Task<(int Answered, int Needed)> AskManyAsync(
        HeadQuestion question, Action<ProofFinding> taken, CancellationToken ct)
    {
        (int answered, int needed) = await AskManyAsync(question, isLinearizable: true, taken, ct);
        if (answered >= needed || !MayBeBehind)
        {
            return (answered, needed);
        }

        // Nobody can say what is final everywhere. What is certified is true, and was the newest once.
        (answered, needed) = await AskManyAsync(question, isLinearizable: false, taken, ct);
        IsBehind |= answered >= needed;
        return (answered, needed);
    }

    /// <summary>Asks one node.</summary>
    /// <param name="question">A vault, the members, or both.</param>
    /// <param name="after">A block whose commands are to be in the state.</param>
    /// <param name="isLinearizable">Whether all is wanted that was final anywhere before the question.</param>
    /// <param name="mayAsk">Which nodes may be asked.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Who was asked, null if nobody could be; and what came of it.</returns>
    public async Task<(NodeId? Node, ProofFinding Finding)> AskOneAsync(
        HeadQuestion question, ulong after, bool isLinearizable, Func<NodeId, bool> mayAsk, CancellationToken ct)
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
                    question.Vault,
                    question.Members,
                    isLinearizable);
                AskedNode? answer = await nodes.AskAsync(
                    ask, node => asked is { } same ? node == same : mayAsk(node), Patience, ct);
                asked = answer?.Node ?? asked;
                return answer?.Answer is { } said
                    ? (answer.Node.Short, said)
                    : throw new LinkException(LinkFailure.Dropped, "no node answers");
            },
            question,
            ct);
        // That nobody is left to be asked says less than why those who were asked had no proof.
        bool isWhy = !finding.IsProven && (asked is not null || LastFailure.Length == 0);
        LastFailure = isWhy ? finding.Detail : LastFailure;
        if (finding.Verdict == ProofVerdict.Refused && asked is { } liar)
        {
            Distrust(liar);
        }

        return (asked, finding);
    }

    private async Task<(int Answered, int Needed)> AskManyAsync(
        HeadQuestion question, bool isLinearizable, Action<ProofFinding> taken, CancellationToken ct)
    {
        HashSet<NodeId> asked = [];
        HashSet<NodeId> proved = [];
        while (asked.Count < NodesMax)
        {
            // Where trust begins nobody knows yet who votes today: whoever is asked first tells.
            TrustedHead head = witness.Head;
            bool MayAsk(NodeId node) => !asked.Contains(node)
                && (head.Height.Value == 0 || head.Validators.TryIndexOf(node, out _));
            (NodeId? node, ProofFinding finding) = await AskOneAsync(question, 0, isLinearizable, MayAsk, ct);
            if (node is not { } answered)
            {
                break;
            }

            asked.Add(answered);
            if (finding.IsProven)
            {
                proved.Add(answered);
                taken(finding);
            }

            ValidatorSet validators = witness.Head.Validators;
            if (CountOf(proved, validators) > validators.FaultsMax)
            {
                break;
            }
        }

        ValidatorSet voters = witness.Head.Validators;
        return (CountOf(proved, voters), voters.FaultsMax + 1);
    }

    private static int CountOf(HashSet<NodeId> proved, ValidatorSet validators) =>
        proved.Count(node => validators.TryIndexOf(node, out _));
}
