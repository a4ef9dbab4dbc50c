using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Keys;

/// <summary>What a header says, without its proofs.</summary>
internal sealed record HeaderParts(
    Digest Salt, byte[] OwnerKey, ulong Generation, int Epoch, VaultShape Shape, IReadOnlyList<KeySlot> Slots)
{
    /// <summary>The number the next slot gets; numbers are never used again.</summary>
    public required byte NextSlot { get; init; }

    /// <summary>The owner, by its key.</summary>
    public NodeId Owner { get; } = NodeId.Of(OwnerKey);
}
