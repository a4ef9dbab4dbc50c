using SigmaComms.Cryptography;

namespace SigmaComms.Client.Vaults;

/// <summary>A vault in a list.</summary>
/// <param name="Name">What it is called here; null if it has no name here yet.</param>
/// <param name="Vault">Its id.</param>
/// <param name="Summary">What the cluster says of it; null if it says nothing.</param>
public sealed record VaultListing(string? Name, Digest Vault, VaultSummary? Summary);
