using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Client.Vaults;

/// <summary>What the user brings to open a vault, or to make a way into it.</summary>
/// <remarks>Copies what it is given; the caller zeroes its own.</remarks>
public sealed class VaultSecret : IDisposable
{
    private readonly SecretBytes _bytes;

    private VaultSecret(SlotKind kind, ReadOnlySpan<byte> bytes)
    {
        Kind = kind;
        _bytes = new SecretBytes(bytes);
    }

    /// <summary>Which slots it opens.</summary>
    public SlotKind Kind { get; }

    /// <summary>The secret in the vault's folder on this machine.</summary>
    public static VaultSecret OfDevice() => new(SlotKind.Device, default);

    /// <summary>The identity's own key, for vaults that others share with it.</summary>
    public static VaultSecret OfMember() => new(SlotKind.Member, default);

    /// <summary>A passphrase.</summary>
    /// <param name="passphrase">Its bytes in UTF-8, at least one.</param>
    public static VaultSecret OfPassphrase(ReadOnlySpan<byte> passphrase) =>
        new(SlotKind.Passphrase, Required(passphrase));

    /// <summary>A passphrase and this machine, both.</summary>
    /// <param name="passphrase">Its bytes in UTF-8, at least one.</param>
    public static VaultSecret OfHybrid(ReadOnlySpan<byte> passphrase) => new(SlotKind.Hybrid, Required(passphrase));

    /// <summary>A recovery code.</summary>
    /// <param name="text">Its 56 digits, however they are grouped.</param>
    /// <exception cref="VaultException">It is mistyped: its checksum does not fit.</exception>
    public static VaultSecret OfRecovery(ReadOnlySpan<char> text)
    {
        using SecretBytes code = new(RecoveryCode.SizeBytes);
        return RecoveryCode.TryParse(text, code.Span)
            ? new VaultSecret(SlotKind.Recovery, code.Span)
            : throw new VaultException(
                VaultFailure.WrongSecret,
                "The recovery code is mistyped: its checksum does not fit. It has 56 digits and letters; compare them "
                + "with the paper.");
    }

    /// <summary>Says the kind only.</summary>
    public override string ToString() => $"VaultSecret({Kind})";

    /// <summary>Zeroes the secret. May be called twice.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>The secret with what this machine adds to it.</summary>
    internal SlotSecret Resolve(VaultFolder folder, VaultIdentity identity)
    {
        if (Kind is SlotKind.Device or SlotKind.Hybrid)
        {
            using SecretBytes device = folder.ReadDeviceKey();
            return Kind == SlotKind.Device
                ? SlotSecret.Device(device.Span)
                : SlotSecret.Hybrid(_bytes.Span, device.Span);
        }

        return Kind switch
        {
            SlotKind.Passphrase => SlotSecret.Passphrase(_bytes.Span),
            SlotKind.Member => SlotSecret.OfMember(identity.Device.Id, identity.MemberKey),
            _ => SlotSecret.Recovery(_bytes.Span),
        };
    }

    private static ReadOnlySpan<byte> Required(ReadOnlySpan<byte> passphrase) => passphrase.IsEmpty
        ? throw new ArgumentException("A passphrase has at least one byte.", nameof(passphrase))
        : passphrase;
}
