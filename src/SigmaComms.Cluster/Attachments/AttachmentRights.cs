using SigmaComms.Cluster.Storage.Doors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Attachments;

/// <summary>
/// Who may put attachments on this node: each device of an account, of today; each storage node, of all days that are
/// kept. Nobody deletes them before their time.
/// </summary>
/// <param name="age">How long they are kept.</param>
/// <param name="room">How much they may take.</param>
/// <param name="findDevice">What speaks against a device; null if the cluster knows it.</param>
internal sealed class AttachmentRights(
    AttachmentAge age, AttachmentRoom room, Func<NodeId, ValueTask<Refused?>> findDevice)
{
    /// <summary>The most fragments of a stripe: 32.</summary>
    public const int FragmentsMax = 32;

    /// <summary>What speaks against taking a fragment; null if nothing does, and then its room is taken.</summary>
    /// <param name="guest">Who puts it; if it is a node, one that the log has as a storage node.</param>
    /// <param name="label">What it is.</param>
    /// <param name="day">The day in its vault's id.</param>
    public async ValueTask<Refused?> ObjectionAsync(StorageGuest guest, FragmentLabel label, int day)
    {
        if (label.Siblings.Count > FragmentsMax)
        {
            return new Refused(
                RefusalReason.FragmentRefused, $"stripes of attachments have at most {FragmentsMax} fragments");
        }

        if (guest.IsNode ? age.IsOver(day) || age.IsAhead(day) : !age.IsToday(day))
        {
            return new Refused(
                RefusalReason.FragmentRefused,
                "the attachment is of another day than this node's clock shows: set the sender's clock right");
        }

        if (!guest.IsNode && await findDevice(guest.Id) is { } unknown)
        {
            return unknown;
        }

        return room.TryTake(label)
            ? null
            : new Refused(RefusalReason.StorageFull, "this node keeps as many bytes of attachments as it may");
    }
}
