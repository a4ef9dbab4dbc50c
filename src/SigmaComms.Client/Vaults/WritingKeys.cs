using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults;

/// <summary>What new stripes are made with.</summary>
/// <param name="Shape">The vault's shape.</param>
/// <param name="Epoch">The newest epoch.</param>
/// <param name="Keys">Its keys; they live as long as the vault is open.</param>
internal sealed record WritingKeys(VaultShape Shape, int Epoch, StripeKeys Keys);
