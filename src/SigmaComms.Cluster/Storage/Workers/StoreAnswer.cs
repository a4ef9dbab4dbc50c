using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Workers;

/// <summary>What came of a request.</summary>
/// <param name="Status">What.</param>
internal sealed record StoreAnswer(StoreStatus Status);
