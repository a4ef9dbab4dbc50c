using SigmaComms.Cryptography;
using SigmaComms.Vault;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Health;

/// <summary>What a vault holds.</summary>
/// <param name="Files">Files with a name.</param>
/// <param name="Directories">Directories, the root among them.</param>
/// <param name="Links">Symbolic links.</param>
/// <param name="Bytes">Bytes of all files.</param>
/// <param name="Stripes">Stripes that files refer to.</param>
/// <param name="StoredBytes">Bytes that nodes keep of them when all is whole.</param>
/// <param name="Shape">How new stripes are cut.</param>
/// <param name="StorageNodes">How many nodes keep fragments.</param>
/// <param name="Owner">The device that made the vault.</param>
/// <param name="KeyEpoch">How many keys it has had.</param>
/// <param name="Slots">How many ways into it there are.</param>
/// <param name="Position">How far its log was followed.</param>
/// <param name="SnapshotAt">The place in the log of the newest snapshot; null if there is none.</param>
public sealed record VaultFigures(
    long Files,
    long Directories,
    long Links,
    long Bytes,
    long Stripes,
    long StoredBytes,
    VaultShape Shape,
    int StorageNodes,
    NodeId Owner,
    int KeyEpoch,
    int Slots,
    LogPosition Position,
    ulong? SnapshotAt);
