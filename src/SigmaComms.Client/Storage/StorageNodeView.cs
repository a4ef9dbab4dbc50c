using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Storage;

/// <summary>A storage node as this client sees it.</summary>
/// <param name="Node">What the cluster says of it; after it was asked itself, its own figures.</param>
/// <param name="IsOpen">Whether there is a link to it now.</param>
/// <param name="LastFailure">Why the last request or attempt failed, for people; empty if it did not.</param>
public sealed record StorageNodeView(StorageNodeStatus Node, bool IsOpen, string LastFailure)
{
    /// <summary>What it said of itself and a vault; null if it was not asked, or gave no answer.</summary>
    public StorageReport? Report { get; init; }
}
