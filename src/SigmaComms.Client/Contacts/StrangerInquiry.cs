using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Contacts;

/// <summary>
/// Asks who an unknown account is: its record by id, then, of another node where there is one, whose the record's name
/// is. A record alone proves no name, since anybody can sign one for himself.
/// </summary>
/// <param name="nodes">Asks them.</param>
/// <param name="proofs">Where the control log proves whose a name is, one node's proof does; else null.</param>
internal sealed class StrangerInquiry(NodeInquiry nodes, NameLookup? proofs)
{
    /// <summary>Asks.</summary>
    /// <param name="account">The account.</param>
    /// <param name="deniedBy">Nodes that did not know it; others are preferred.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<StrangerVerdict> AskAsync(NodeId account, IReadOnlySet<NodeId> deniedBy, CancellationToken ct)
    {
        NodeAnswer? byId = await nodes.AskAsync(new FetchAccount(null, account), deniedBy, ct);
        if (byId?.Answer is Refused { Reason: RefusalReason.NotFound })
        {
            return new StrangerVerdict(null, byId.Node);
        }

        if (byId?.Answer is not AccountFound found
            || !AccountRecord.TryDecode(found.Record.Span, out AccountRecord? record)
            || record.AccountId != account)
        {
            return new StrangerVerdict(null, null);
        }

        if (proofs is not null)
        {
            return await ProveAsync(proofs, record, byId.Node, ct);
        }

        // The node that gave the record does not vouch for it as well, nor does one that denied it change its mind;
        // but of two nodes one that denies must not be the only one that counts.
        var asked = new FetchAccount(record.Name, null);
        NodeAnswer? byName = await nodes.AskOtherAsync(asked, new HashSet<NodeId>(deniedBy) { byId.Node }, ct);
        if (byName is null && nodes.Known <= WaitingRoom.DenialsNeeded)
        {
            byName = await nodes.AskAsync(asked, deniedBy, ct);
        }

        if (byName is null)
        {
            return new StrangerVerdict(null, null);
        }

        if (byName.Answer is AccountFound named
            && AccountRecord.TryDecode(named.Record.Span, out AccountRecord? owner)
            && owner.Name == record.Name)
        {
            return owner.AccountId == account
                ? new StrangerVerdict(owner.Version > record.Version ? owner : record, null)
                : new StrangerVerdict(null, byName.Node);
        }

        bool isNobody = byName.Answer is Refused { Reason: RefusalReason.NotFound };
        return new StrangerVerdict(null, isNobody ? byName.Node : null);
    }

    /// <summary>Only the proven record counts, be it older; while there is none, nobody has answered.</summary>
    private static async Task<StrangerVerdict> ProveAsync(
        NameLookup proofs, AccountRecord record, NodeId from, CancellationToken ct)
    {
        try
        {
            AccountRecord owner = await proofs.FindAsync(record.Name, isPatient: false, ct);
            return owner.AccountId == record.AccountId
                ? new StrangerVerdict(owner, null)
                : new StrangerVerdict(null, from);
        }
        catch (ClientException)
        {
            return new StrangerVerdict(null, null);
        }
    }
}
