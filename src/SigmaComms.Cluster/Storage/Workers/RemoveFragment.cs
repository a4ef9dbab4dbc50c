using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>Drop a fragment. Reply: <see cref="StoreAnswer"/>.</summary>
/// <param name="Id">Its id.</param>
internal sealed record RemoveFragment(Digest Id);
