using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>The public keys and ids that go into a <see cref="PrekeyBundle"/>.</summary>
public sealed record PrekeyBundleKeys
{
    /// <summary>The device's id.</summary>
    public required NodeId DeviceId { get; init; }

    /// <summary>X25519 identity key, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> IdentityKey { get; init; }

    /// <summary>Id of the signed prekey.</summary>
    public required uint SignedPrekeyId { get; init; }

    /// <summary>X25519 signed prekey, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> SignedPrekey { get; init; }

    /// <summary>Id of the post-quantum prekey.</summary>
    public required uint KemPrekeyId { get; init; }

    /// <summary>ML-KEM-1024 encapsulation key, 1568 bytes.</summary>
    public required ReadOnlyMemory<byte> KemPrekey { get; init; }

    /// <summary>Whether the post-quantum prekey is handed out more than once.</summary>
    public required bool IsLastResort { get; init; }

    /// <summary>When the bundle ends; whole seconds, parts are cut off.</summary>
    public required DateTimeOffset Expiry
    {
        get;
        init => field = DateTimeOffset.FromUnixTimeSeconds(value.ToUnixTimeSeconds());
    }

    /// <summary>Id of the one-time prekey; null together with an empty key.</summary>
    public uint? OneTimePrekeyId { get; init; }

    /// <summary>X25519 one-time prekey, 32 bytes, or empty.</summary>
    public ReadOnlyMemory<byte> OneTimePrekey { get; init; }

    /// <summary>Throws unless every key has its length and may be there, and the device is the given one.</summary>
    internal void Require(NodeId deviceId)
    {
        int oneTimeBytes = OneTimePrekeyId is null ? 0 : X25519.KeySize;
        if (DeviceId != deviceId || IdentityKey.Length != X25519.KeySize || SignedPrekey.Length != X25519.KeySize
            || KemPrekey.Length != MlKem1024.EncapsulationKeySize || OneTimePrekey.Length != oneTimeBytes
            || Expiry < DateTimeOffset.UnixEpoch || (IsLastResort && OneTimePrekeyId is not null))
        {
            throw new ArgumentException(
                "A key has the wrong length or may not be there, or the bundle is of another device.");
        }
    }
}
