using SigmaComms.Cluster.Control;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>
/// Who may put fragments here and drop them, by the control log: a device, those of vaults that it may write; another
/// node, as a storage node. Who knows a fragment's id may read it.
/// </summary>
internal sealed class StorageRights(ControlLog? log)
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DenialHolds = TimeSpan.FromSeconds(1);

    /// <summary>What speaks against a guest's changing fragments of a vault; null if nothing does.</summary>
    /// <param name="guest">Who asks.</param>
    /// <param name="vault">Whose fragments.</param>
    public ValueTask<Refused?> ObjectionAsync(StorageGuest guest, Digest vault)
    {
        if (log is null)
        {
            return new(new Refused(
                RefusalReason.NotAllowed, "this node has no part in a control log: it serves no vaults; use others"));
        }

        if (guest.IsNode)
        {
            return new(IsStorageNode(log.Read().Ledger, guest.Id)
                ? null
                : new Refused(RefusalReason.NotAllowed, $"by the control log {guest.Id.Short} is no storage node"));
        }

        return MayWrite(log.Read().Ledger, vault, guest.Id) ? new((Refused?)null) : AskAgainAsync(log, guest, vault);
    }

    /// <summary>Whether a guest is the device that owns a vault.</summary>
    /// <param name="guest">Who asks.</param>
    /// <param name="vault">Which vault.</param>
    public bool IsOwner(StorageGuest guest, Digest vault) =>
        !guest.IsNode && log is not null && StreamOf(log.Read().Ledger, vault)?.Owner == guest.Id;

    private static VaultStream? StreamOf(Ledger ledger, Digest vault) =>
        (ledger.StateOf(MachineIds.VaultCommands) as VaultCommandsState)?.Find(vault);

    private static bool MayWrite(Ledger ledger, Digest vault, NodeId device) =>
        StreamOf(ledger, vault) is { } stream
        && stream.Writers.TryGetValue(device, out VaultWriter writer)
        && writer.MayWrite;

    private static bool IsStorageNode(Ledger ledger, NodeId node) =>
        (ledger.StateOf(MachineIds.Membership) as MembershipState)?.Find(node) is { } member
        && member.State != Consensus.Membership.MemberState.Evicted
        && member.Place.Roles.HasFlag(Consensus.Membership.NodeRoles.Storage);

    /// <summary>
    /// It became a writer a moment ago perhaps, and this node has not heard of it yet: the log is asked, once a second
    /// at most for each guest.
    /// </summary>
    private static async ValueTask<Refused?> AskAgainAsync(ControlLog asked, StorageGuest guest, Digest vault)
    {
        if (guest.TryAskLog(DenialHolds))
        {
            ControlReading? reading = await asked.ReadLinearizableAsync(ReadLimit, CancellationToken.None);
            if (MayWrite((reading ?? asked.Read()).Ledger, vault, guest.Id))
            {
                guest.NoteAllowed();
                return null;
            }

            if (reading is null)
            {
                return new Refused(
                    RefusalReason.Unavailable, "the control log does not say now whether you may write there");
            }
        }

        return new Refused(
            RefusalReason.NotAllowed,
            $"by the control log device {guest.Id.Short} may not write vault {vault.ToString()[..16]}; "
            + "have its owner add it as a writer");
    }
}
