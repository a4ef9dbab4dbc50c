using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Mailboxes;

/// <summary>
/// Which messages of one mailbox must be offered to which nodes, and which this node need not keep any longer.
/// Belongs to the mailbox's actor.
/// </summary>
internal sealed class HandOverDesk(NodeContext node, NodeId device, MailboxState state)
{
    /// <summary>Messages in one offer.</summary>
    public const int OfferMax = 4_000;

    private const long PageBytes = 512 * 1024;
    private static readonly TimeSpan OfferAge = TimeSpan.FromSeconds(1);

    private readonly Confirmations _confirmations = new();
    private readonly HashSet<NodeId> _offering = [];

    /// <summary>Whether an offer is under way.</summary>
    public bool IsOffering => _offering.Count > 0;

    /// <summary>The nodes where the mailbox belongs at the moment, with the processes that are known there.</summary>
    public IReadOnlyList<(NodeId Node, ulong Incarnation)> Owners => OwnersOf(node, device);

    /// <summary>The nodes where a mailbox belongs at the moment, with the processes that are known there.</summary>
    public static IReadOnlyList<(NodeId Node, ulong Incarnation)> OwnersOf(NodeContext node, NodeId device) =>
        [.. node.View.RankUp(device).Take(node.Options.Copies).Select(owner =>
            (owner, node.View.Members[owner].Incarnation))];

    /// <summary>The offers to make now; each must be answered with <see cref="Note"/>.</summary>
    /// <param name="atOnce">Also messages that came this moment; their entry node sends them itself.</param>
    public IReadOnlyList<HandOverOffer> Begin(bool atOnce)
    {
        var offers = new List<HandOverOffer>();
        foreach ((NodeId owner, _) in Owners)
        {
            if (owner == node.Self || _offering.Contains(owner) || node.Links.Find(owner) is not { } links)
            {
                continue;
            }

            Digest16[] unsure = [.. state.Entries
                .Where(entry => (atOnce || node.Now - entry.StoredAt >= OfferAge)
                    && !_confirmations.Has(owner, links.Session, entry.Id))
                .Take(OfferMax)
                .Select(entry => entry.Id)];
            if (unsure.Length > 0)
            {
                _offering.Add(owner);
                offers.Add(new HandOverOffer(owner, links, unsure));
            }
        }

        return offers;
    }

    /// <summary>An offer has ended.</summary>
    public void Note(HandOverOutcome outcome)
    {
        _offering.Remove(outcome.Target);
        _confirmations.Add(outcome.Target, outcome.Session, outcome.Confirmed.Where(state.Contains));
    }

    /// <summary>The message is of no interest any more.</summary>
    public void Forget(Digest16 id) => _confirmations.Forget(id);

    /// <summary>
    /// The messages that may be dropped here: all nodes where they belong have confirmed them, and all are better in
    /// rank than this one. Were it otherwise, three nodes with different views could each trust the others.
    /// </summary>
    public IReadOnlyList<Digest16> Surplus()
    {
        NodeId[] owners = [.. Owners.Select(owner => owner.Node)];
        NodeId[] better = [.. node.View.Rank(device.Value.ToArray()).TakeWhile(other => other != node.Self)];
        return owners.Length < node.Options.Copies || owners.Except(better).Any()
            ? []
            : [.. state.Entries.Select(entry => entry.Id).Where(id => owners.All(owner => Has(owner, id)))];
    }

    /// <summary>
    /// Whether every message is confirmed by all other nodes where it belongs, and none is left that belongs elsewhere
    /// only.
    /// </summary>
    public bool IsSettled()
    {
        IReadOnlyList<(NodeId Node, ulong Incarnation)> owners = Owners;
        return state.Count == 0 || (owners.Count >= node.Options.Copies
            && owners.Any(owner => owner.Node == node.Self)
            && owners.All(owner => owner.Node == node.Self
                || state.Entries.All(entry => Has(owner.Node, entry.Id))));
    }

    /// <summary>The first of these messages that fit into a page, as far as they are still here.</summary>
    /// <param name="ids">What is asked for.</param>
    /// <returns>How many ids that answers, and the messages.</returns>
    public (int Considered, IReadOnlyList<MailboxEntry> Entries) Page(IReadOnlyList<Digest16> ids)
    {
        var entries = new List<MailboxEntry>();
        int considered = 0;
        long bytes = 0;
        foreach (Digest16 id in ids.TakeWhile(_ => bytes < PageBytes))
        {
            considered++;
            if (state.Find(id) is { } entry)
            {
                entries.Add(entry);
                bytes += entry.Size;
            }
        }

        return (considered, entries);
    }

    /// <summary>What must be known of the mailbox while it sleeps.</summary>
    public SleepingMailbox Describe() => new(
        state.Bytes,
        state.Count == 0 ? ulong.MaxValue : state.Entries.Min(entry => entry.ExpiresUtcTicks),
        IsSettled() ? Owners : []);

    private bool Has(NodeId owner, Digest16 id) =>
        node.Links.Find(owner) is { } links && _confirmations.Has(owner, links.Session, id);
}
