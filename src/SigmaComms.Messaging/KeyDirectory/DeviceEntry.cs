using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>One device of an account: its signature key, whose hash is the device's id, and its identity key.</summary>
public sealed record DeviceEntry
{
    /// <summary>Lists a device.</summary>
    /// <param name="sigPublicKey">ML-DSA-65 public key, 1952 bytes; copied.</param>
    /// <param name="identityKey">X25519 public key, 32 bytes; copied.</param>
    /// <exception cref="ArgumentException">A key has the wrong length.</exception>
    public DeviceEntry(ReadOnlySpan<byte> sigPublicKey, ReadOnlySpan<byte> identityKey)
    {
        if (sigPublicKey.Length != MlDsa65.PublicKeySize)
        {
            throw new ArgumentException("An ML-DSA-65 public key has 1952 bytes.", nameof(sigPublicKey));
        }

        if (identityKey.Length != X25519.KeySize)
        {
            throw new ArgumentException("An X25519 public key has 32 bytes.", nameof(identityKey));
        }

        SigPublicKey = sigPublicKey.ToArray();
        IdentityKey = identityKey.ToArray();
        DeviceId = NodeId.Of(sigPublicKey);
    }

    /// <summary>The hash of the signature key.</summary>
    public NodeId DeviceId { get; }

    /// <summary>ML-DSA-65 public key, 1952 bytes.</summary>
    public ReadOnlyMemory<byte> SigPublicKey { get; }

    /// <summary>X25519 public key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> IdentityKey { get; }

    /// <summary>Whether both list the same keys.</summary>
    /// <param name="other">The other entry.</param>
    public bool Equals(DeviceEntry? other) =>
        other is not null && DeviceId == other.DeviceId && IdentityKey.Span.SequenceEqual(other.IdentityKey.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => DeviceId.GetHashCode();
}
