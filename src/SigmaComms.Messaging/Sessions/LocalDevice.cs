using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Sessions;

/// <summary>This device: its account, its signature key and its identity key. Owns the two keys.</summary>
public sealed class LocalDevice : IDisposable
{
    private readonly byte[] _identityPublicKey = new byte[X25519.KeySize];

    /// <summary>Takes over the keys; they are disposed with this object.</summary>
    /// <param name="accountId">The account that lists this device.</param>
    /// <param name="deviceListVersion">Version of the account's record that lists it.</param>
    /// <param name="signingKey">The device's ML-DSA-65 key; its id is the device's id.</param>
    /// <param name="identityKey">The device's X25519 private key, 32 bytes.</param>
    public LocalDevice(
        NodeId accountId, uint deviceListVersion, MlDsa65SigningKey signingKey, SecretBytes identityKey)
    {
        X25519.DerivePublicKey(identityKey.Span, _identityPublicKey);
        AccountId = accountId;
        DeviceListVersion = deviceListVersion;
        SigningKey = signingKey;
        IdentityKey = identityKey;
        DeviceId = signingKey.Id;
    }

    /// <summary>The account that lists this device.</summary>
    public NodeId AccountId { get; }

    /// <summary>Version of the account's record.</summary>
    public uint DeviceListVersion { get; }

    /// <summary>The device's ML-DSA-65 key.</summary>
    public MlDsa65SigningKey SigningKey { get; }

    /// <summary>The device's X25519 private key, 32 bytes.</summary>
    public SecretBytes IdentityKey { get; }

    /// <summary>The device's X25519 public key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> IdentityPublicKey => _identityPublicKey;

    /// <summary>The hash of the signature key.</summary>
    public NodeId DeviceId { get; }

    /// <summary>This device as others see it.</summary>
    public RemoteDevice ToRemote() =>
        new(AccountId, DeviceListVersion, SigningKey.PublicKey.Span, _identityPublicKey);

    /// <inheritdoc/>
    public void Dispose()
    {
        SigningKey.Dispose();
        IdentityKey.Dispose();
    }
}
