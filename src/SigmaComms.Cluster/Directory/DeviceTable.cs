using System.Collections.Concurrent;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// The devices that are known to exist: from account records and bundles on this node, and from other nodes that were
/// asked. It only grows, and only with devices that somebody published. Safe to use from any thread.
/// </summary>
internal sealed class DeviceTable
{
    private readonly ConcurrentDictionary<NodeId, ReadOnlyMemory<byte>> _devices = new();

    /// <summary>Whether the device is known here. That it is not says nothing about other nodes.</summary>
    public bool Contains(NodeId device) => _devices.ContainsKey(device);

    /// <summary>The device exists.</summary>
    public void Add(NodeId device) => _devices.TryAdd(device, default);

    /// <summary>The device exists, and an account names this signature key of it.</summary>
    public void Add(NodeId device, ReadOnlyMemory<byte> publicKey) => _devices[device] = publicKey;

    /// <summary>The device's signature key, if an account record on this node names it; otherwise empty.</summary>
    public ReadOnlyMemory<byte> KeyOf(NodeId device) => _devices.GetValueOrDefault(device);
}
