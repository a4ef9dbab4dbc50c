using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Vault.Keys;

/// <summary>What somebody brings to open a slot, or to make one.</summary>
/// <remarks>Copies what it is given; the caller zeroes its own.</remarks>
public sealed class SlotSecret : IDisposable
{
    /// <summary>Size of a device's secret, a recovery code and a member's private key: 32 bytes.</summary>
    public const int KeySizeBytes = 32;

    private readonly SecretBytes _key;
    private readonly SecretBytes _passphrase;

    private SlotSecret(SlotKind kind, ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> key, NodeId member = default)
    {
        bool takesKey = kind != SlotKind.Passphrase;
        if (takesKey && key.Length != KeySizeBytes)
        {
            throw new ArgumentException("The secret has 32 bytes.", nameof(key));
        }

        Kind = kind;
        Member = member;
        _passphrase = new SecretBytes(passphrase);
        _key = new SecretBytes(key);
    }

    /// <summary>Which slots it can open.</summary>
    public SlotKind Kind { get; }

    /// <summary>Whose private key it is, of kind member; else default.</summary>
    public NodeId Member { get; }

    private static ReadOnlySpan<byte> Label => "sigma vault 1 slot"u8;

    /// <summary>A passphrase.</summary>
    /// <param name="passphrase">Its bytes in UTF-8.</param>
    public static SlotSecret Passphrase(ReadOnlySpan<byte> passphrase) => new(SlotKind.Passphrase, passphrase, default);

    /// <summary>The secret in a device's key store.</summary>
    /// <param name="secret">32 random bytes.</param>
    public static SlotSecret Device(ReadOnlySpan<byte> secret) => new(SlotKind.Device, default, secret);

    /// <summary>Both; one of them alone opens nothing.</summary>
    /// <param name="passphrase">Its bytes in UTF-8.</param>
    /// <param name="secret">The 32 random bytes of the device.</param>
    public static SlotSecret Hybrid(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> secret) =>
        new(SlotKind.Hybrid, passphrase, secret);

    /// <summary>A member's X-Wing private key.</summary>
    /// <param name="member">The member's device.</param>
    /// <param name="privateKey">32 secret bytes.</param>
    public static SlotSecret OfMember(NodeId member, ReadOnlySpan<byte> privateKey) =>
        new(SlotKind.Member, default, privateKey, member);

    /// <summary>A recovery code.</summary>
    /// <param name="code">Its 32 bytes, as <see cref="RecoveryCode"/> reads them.</param>
    public static SlotSecret Recovery(ReadOnlySpan<byte> code) => new(SlotKind.Recovery, default, code);

    /// <summary>Says the kind only.</summary>
    public override string ToString() => $"SlotSecret({Kind})";

    /// <summary>Zeroes what it holds. May be called twice.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _passphrase.Dispose();
    }

    /// <summary>Makes the private key of a slot, from which its public key follows.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="salt">The slot's 16 bytes.</param>
    /// <param name="cost">Of a passphrase.</param>
    /// <param name="privateKey">Receives an X-Wing private key of 32 bytes; the caller zeroes it.</param>
    internal void DerivePrivateKey(Digest vault, ReadOnlySpan<byte> salt, Argon2Cost cost, Span<byte> privateKey)
    {
        Invariant.Holds(privateKey.Length == XWing.SeedSize);
        if (Kind == SlotKind.Member)
        {
            _key.Span.CopyTo(privateKey);
            return;
        }

        Span<byte> material = stackalloc byte[2 * KeySizeBytes];
        try
        {
            if (Kind is SlotKind.Passphrase or SlotKind.Hybrid)
            {
                Argon2id.DeriveKey(_passphrase.Span, salt, cost, material[..KeySizeBytes]);
            }

            _key.Span.CopyTo(material[KeySizeBytes..]);
            ReadOnlySpan<byte> info = new WireWriter(96).Fixed(Label).U8((byte)Kind).Digest(vault).Written;
            HkdfSha512.DeriveKey(material, salt, info, privateKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }
}
