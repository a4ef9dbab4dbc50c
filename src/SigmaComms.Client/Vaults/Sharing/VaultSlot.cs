using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Client.Vaults.Sharing;

/// <summary>A way into a vault.</summary>
/// <param name="Id">Its number, never used again.</param>
/// <param name="Kind">What opens it.</param>
/// <param name="Member">Of a member: the device; else default.</param>
/// <param name="Cost">Where a passphrase opens it: what a guess costs; else default.</param>
/// <param name="Account">Of a member: the account it was shared with from this machine; else null.</param>
public sealed record VaultSlot(byte Id, SlotKind Kind, NodeId Member, Argon2Cost Cost, string? Account);
