using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Transactions;

/// <summary>What a session needs.</summary>
/// <param name="Vault">The vault.</param>
/// <param name="Log">Its log, as this client's writer uses it.</param>
/// <param name="Unlock">Opens a header with what this client has, or gives null. The keys become the session's.</param>
/// <param name="Random">Where salts and numbers of inodes come from.</param>
/// <param name="Snapshots">Where snapshots are kept.</param>
public sealed record VaultAccess(
    Digest Vault,
    ICommandLog Log,
    Func<VaultHeader, VaultKeyring?> Unlock,
    IRandomSource Random,
    ISnapshotStore Snapshots);
