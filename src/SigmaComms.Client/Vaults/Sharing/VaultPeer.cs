using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Client.Vaults.Sharing;

/// <summary>Somebody with whom a vault is shared.</summary>
/// <param name="Account">The verified record of the trusted account.</param>
/// <param name="IsCompared">Whether the user compared the safety number with the peer, and it was equal.</param>
public sealed record VaultPeer(AccountRecord Account, bool IsCompared);
