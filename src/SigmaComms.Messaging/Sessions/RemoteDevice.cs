using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Messaging.Sessions;

/// <summary>A peer's device as its verified account record lists it.</summary>
public sealed record RemoteDevice
{
    /// <summary>Names a device. Use <see cref="From"/> where the account's record is at hand.</summary>
    /// <param name="accountId">The account that lists the device.</param>
    /// <param name="deviceListVersion">Version of the account's record.</param>
    /// <param name="sigPublicKey">ML-DSA-65 public key, 1952 bytes.</param>
    /// <param name="identityKey">X25519 public key, 32 bytes.</param>
    public RemoteDevice(
        NodeId accountId, uint deviceListVersion, ReadOnlySpan<byte> sigPublicKey, ReadOnlySpan<byte> identityKey)
        : this(accountId, deviceListVersion, new DeviceEntry(sigPublicKey, identityKey))
    {
    }

    private RemoteDevice(NodeId accountId, uint deviceListVersion, DeviceEntry entry)
    {
        AccountId = accountId;
        DeviceListVersion = deviceListVersion;
        Entry = entry;
    }

    /// <summary>The account that lists the device.</summary>
    public NodeId AccountId { get; }

    /// <summary>Version of the account's record.</summary>
    public uint DeviceListVersion { get; }

    /// <summary>The hash of the device's signature key.</summary>
    public NodeId DeviceId => Entry.DeviceId;

    /// <summary>ML-DSA-65 public key, 1952 bytes.</summary>
    public ReadOnlyMemory<byte> SigPublicKey => Entry.SigPublicKey;

    /// <summary>X25519 public key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> IdentityKey => Entry.IdentityKey;

    private DeviceEntry Entry { get; }

    /// <summary>Takes a device out of a verified record.</summary>
    /// <param name="record">The account's record.</param>
    /// <param name="deviceId">The device.</param>
    /// <returns>The device, or null if the record does not list it.</returns>
    public static RemoteDevice? From(AccountRecord record, NodeId deviceId) =>
        record.FindDevice(deviceId) is { } entry ? new RemoteDevice(record.AccountId, record.Version, entry) : null;

    /// <summary>Whether account and keys are the same, whatever the record's version.</summary>
    /// <param name="other">The device to compare with.</param>
    public bool IsSameIdentity(RemoteDevice other) => AccountId == other.AccountId && Entry.Equals(other.Entry);
}
