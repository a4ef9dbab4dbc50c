using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>What a store says, in the words of links, and back.</summary>
internal static class StoreAnswers
{
    /// <summary>A status other than done as a refusal.</summary>
    public static Refused Refuse(StoreStatus status) => status switch
    {
        StoreStatus.NotFound => new Refused(RefusalReason.NotFound, "there is no such fragment here"),
        StoreStatus.Corrupt => new Refused(
            RefusalReason.FragmentCorrupt, "the fragment here is not what it was; it waits for its repair"),
        StoreStatus.Full => new Refused(
            RefusalReason.StorageFull, "this node has no room, or may write nothing now; use another"),
        StoreStatus.Refused => new Refused(
            RefusalReason.FragmentRefused,
            "the bytes do not fit their label, another fragment has that id, or the range is outside"),
        _ => new Refused(RefusalReason.StorageFailed, "this node's storage did not answer; use another"),
    };

    /// <summary>A refusal as a status; null is done.</summary>
    public static StoreStatus StatusOf(Refused? refusal) => refusal?.Reason switch
    {
        null => StoreStatus.Done,
        RefusalReason.NotFound => StoreStatus.NotFound,
        RefusalReason.FragmentCorrupt => StoreStatus.Corrupt,
        RefusalReason.StorageFull => StoreStatus.Full,
        RefusalReason.FragmentRefused or RefusalReason.NotAllowed or RefusalReason.Malformed
            or RefusalReason.TooLarge => StoreStatus.Refused,
        _ => StoreStatus.Unreachable,
    };
}
