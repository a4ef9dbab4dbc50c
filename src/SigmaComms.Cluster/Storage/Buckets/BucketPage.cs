using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>Some of the fragments in a bucket, ascending by id.</summary>
/// <param name="Status">Done, or why there is no page.</param>
/// <param name="Objects">The fragments.</param>
/// <param name="HasMore">Whether others follow the last one.</param>
internal sealed record BucketPage(StoreStatus Status, IReadOnlyList<ListedObject> Objects, bool HasMore)
{
    /// <summary>The fragments' ids.</summary>
    public IReadOnlyList<FragmentId> Ids => [.. Objects.Select(static listed => listed.Id)];
}
