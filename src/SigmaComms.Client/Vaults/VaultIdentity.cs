using SigmaComms.Client.Identity;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults;

/// <summary>
/// Of an identity what vaults need: its device's key. It takes no lock and opens no conversations, so that it can be
/// used beside a running agent.
/// </summary>
/// <remarks>Not safe for use and <see cref="Dispose"/> at the same time from two threads.</remarks>
public sealed class VaultIdentity : IDisposable
{
    private readonly SecretBytes _memberKey;

    private VaultIdentity(IdentityFolder folder, AccountSecrets secrets)
    {
        Folder = folder;
        AccountName = secrets.AccountName;
        Cluster = secrets.ClusterId;
        Device = new MlDsa65SigningKey(secrets.DeviceSeed.Span);
        _memberKey = MemberKeyOf(secrets.DeviceSeed.Span);
    }

    /// <summary>Where the identity keeps its things.</summary>
    public IdentityFolder Folder { get; }

    /// <summary>The account's name.</summary>
    public string AccountName { get; }

    /// <summary>The cluster the account belongs to.</summary>
    public ClusterId Cluster { get; }

    /// <summary>The device's key, which signs what goes into logs; disposed with this.</summary>
    public MlDsa65SigningKey Device { get; }

    /// <summary>The private key of this device's member slots.</summary>
    internal ReadOnlySpan<byte> MemberKey => _memberKey.Span;

    /// <summary>Opens the key store of an identity. Argon2id runs once.</summary>
    /// <param name="folder">The identity's folder.</param>
    /// <param name="passphrase">Opens the key store; the caller zeroes it.</param>
    /// <exception cref="KeyStoreException">It is not there, damaged, or the passphrase is wrong.</exception>
    public static VaultIdentity Open(IdentityFolder folder, ReadOnlySpan<byte> passphrase)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using AccountSecrets secrets = KeyStore.Open(folder.KeyStore, passphrase);
        return new VaultIdentity(folder, secrets);
    }

    /// <summary>An identity whose secrets are at hand.</summary>
    /// <param name="folder">The identity's folder.</param>
    /// <param name="secrets">The secrets; still the caller's.</param>
    public static VaultIdentity Of(IdentityFolder folder, AccountSecrets secrets)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(secrets);
        return new VaultIdentity(folder, secrets);
    }

    /// <summary>Zeroes the keys. May be called twice.</summary>
    public void Dispose()
    {
        _memberKey.Dispose();
        Device.Dispose();
    }

    // One more key from the device's seed, so that key stores made before there were vaults have it too.
    private static SecretBytes MemberKeyOf(ReadOnlySpan<byte> deviceSeed)
    {
        SecretBytes key = new(XWing.SeedSize);
        HkdfSha512.DeriveKey(deviceSeed, default, "SigmaComms/1 vault member"u8, key.Span);
        return key;
    }
}
