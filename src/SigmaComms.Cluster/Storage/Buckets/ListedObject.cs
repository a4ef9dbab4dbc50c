using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Buckets;

/// <summary>An object in a listing of a bucket.</summary>
/// <param name="Id">Its fragment.</param>
/// <param name="WrittenAt">When it was written, as the service says; null if it does not.</param>
internal readonly record struct ListedObject(FragmentId Id, DateTimeOffset? WrittenAt);
