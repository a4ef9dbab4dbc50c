namespace SigmaComms.Consensus.VaultCommands;

/// <summary>
/// How much the state machine of vaults holds. The same on every node, for ever: part of the genesis.
/// </summary>
/// <param name="VaultsMax">The most vaults. Default 65,536.</param>
/// <param name="VaultsPerOwnerMax">The most vaults of one owner. Default 64.</param>
/// <param name="WritersMax">The most writers a vault ever had, the owner included. Default 256.</param>
/// <param name="BytesPerVaultMax">The most bytes of entries a vault keeps before a trim. Default 64 MiB.</param>
/// <param name="BytesMax">The most bytes of entries of all vaults. Default 512 MiB.</param>
/// <param name="BytesPerOwnerMax">The most bytes of entries of all vaults of one owner. Default 64 MiB.</param>
public sealed record VaultLimits(
    int VaultsMax = 65_536,
    int VaultsPerOwnerMax = 64,
    int WritersMax = 256,
    long BytesPerVaultMax = 64L << 20,
    long BytesMax = 512L << 20,
    long BytesPerOwnerMax = 64L << 20)
{
    /// <summary>What an entry counts besides its content: 128 bytes.</summary>
    public const int EntryOverhead = 128;
}
