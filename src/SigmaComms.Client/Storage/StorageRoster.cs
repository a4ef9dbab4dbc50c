using SigmaComms.Client.Transparency;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using MemberState = SigmaComms.Consensus.Membership.MemberState;
using NodeRoles = SigmaComms.Consensus.Membership.NodeRoles;

namespace SigmaComms.Client.Storage;

/// <summary>
/// Which nodes keep fragments, by a proof of all members of the cluster: nobody can leave one out, bring one in, or
/// give one another weight or zone. Names, addresses and room are the word of the node that tells them. The first time
/// f + 1 validators are asked; what is proven never goes back. Safe to call from any thread.
/// </summary>
/// <param name="inquiry">Proves who the members are.</param>
/// <param name="tell">Asks a node what it tells of the storage nodes.</param>
internal sealed class StorageRoster(
    StateInquiry inquiry, Func<TimeSpan, CancellationToken, Task<StorageNodes>> tell)
{
    private IReadOnlyList<Member>? _members;

    /// <summary>The storage nodes, proven.</summary>
    /// <param name="timeout">How long a node may take that tells of them.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ClientException">Nobody proves them.</exception>
    public async Task<StorageNodes> AskAsync(TimeSpan timeout, CancellationToken ct)
    {
        StorageNodes told = await tell(timeout, ct);
        if (!await ProveAsync(ct))
        {
            throw new ClientException(
                ClientFailure.Unavailable,
                $"Too few nodes prove which nodes keep vaults: {inquiry.LastFailure}. Are enough nodes running?");
        }

        Dictionary<NodeId, StorageNodeStatus> words = [];
        foreach (StorageNodeStatus word in told.Nodes)
        {
            words.TryAdd(word.Id, word);
        }

        Member[] keepers =
            [.. Volatile.Read(ref _members)!.Where(member => member.Place.Roles.HasFlag(NodeRoles.Storage))];
        return new StorageNodes(
            keepers.Select(static member => member.ChangedAt.Value).DefaultIfEmpty().Max(),
            [
                .. keepers.Where(static member => member.State == MemberState.Up)
                    .Select(member => StatusOf(member, words.GetValueOrDefault(member.Node))),
            ]);
    }

    private static StorageNodeStatus StatusOf(Member member, StorageNodeStatus? word)
    {
        string listed = member.Addresses is [string first, ..] ? first : "";
        return new StorageNodeStatus(
            member.Node,
            word?.Name ?? "",
            word is { Endpoint.Length: > 0 } ? word.Endpoint : listed,
            member.Place.Zone,
            member.Place.Weight,
            word?.CapacityBytes ?? 0,
            word?.FreeBytes ?? 0);
    }

    private async Task<bool> ProveAsync(CancellationToken ct)
    {
        HeadQuestion question = new(Members: true);
        if (Volatile.Read(ref _members) is null)
        {
            (int answered, int needed) = await inquiry.AskManyAsync(question, Keep, ct);
            return answered >= needed && Volatile.Read(ref _members) is not null;
        }

        HashSet<NodeId> asked = [];
        while (asked.Count < StateInquiry.NodesMax)
        {
            (NodeId? node, ProofFinding finding) = await inquiry.AskOneAsync(
                question, 0, isLinearizable: false, other => !asked.Contains(other), ct);
            if (node is not { } answered)
            {
                break;
            }

            if (finding.IsProven)
            {
                Keep(finding);
                return true;
            }

            asked.Add(answered);
        }

        return false;
    }

    private void Keep(ProofFinding finding) => Volatile.Write(ref _members, finding.Members);
}
