using System.Collections.Concurrent;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>A vault of a pretended cluster.</summary>
internal sealed class MemoryVault(Digest vault, NodeId owner)
{
    public MemoryLog Log { get; } = new(vault, owner);

    public NodeId Owner { get; } = owner;

    public ConcurrentDictionary<NodeId, byte> Writers { get; } = new() { [owner] = 0 };
}
