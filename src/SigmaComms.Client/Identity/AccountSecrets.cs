using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using Name = SigmaComms.Messaging.KeyDirectory.AccountName;

namespace SigmaComms.Client.Identity;

/// <summary>All that makes an account on one device: what the key store keeps. Zeroed when disposed.</summary>
/// <remarks>Not safe for use and <see cref="Dispose"/> at the same time from two threads.</remarks>
public sealed class AccountSecrets : IDisposable
{
    /// <summary>Size of each of the four secrets: 32 bytes.</summary>
    public const int SecretSize = 32;

    private const byte Version = 1;

    private AccountSecrets(string accountName, ClusterId clusterId)
    {
        AccountName = accountName;
        ClusterId = clusterId;
    }

    /// <summary>The account's name: 1 to 32 of a-z, 0-9, hyphen and underscore.</summary>
    public string AccountName { get; }

    /// <summary>The cluster the account belongs to.</summary>
    public ClusterId ClusterId { get; }

    /// <summary>Seed of the account's ML-DSA-65 key, which signs the list of devices.</summary>
    public SecretBytes AccountSeed { get; } = new(SecretSize);

    /// <summary>Seed of this device's ML-DSA-65 key.</summary>
    public SecretBytes DeviceSeed { get; } = new(SecretSize);

    /// <summary>This device's X25519 private key.</summary>
    public SecretBytes IdentityKey { get; } = new(SecretSize);

    /// <summary>The key that seals what this client writes to its disk.</summary>
    public SecretBytes StorageKey { get; } = new(SecretSize);

    /// <summary>Makes the secrets of a new account.</summary>
    /// <param name="accountName">1 to 32 of a-z, 0-9, hyphen and underscore.</param>
    /// <param name="clusterId">The cluster it will belong to.</param>
    /// <param name="random">Where the secrets come from.</param>
    /// <exception cref="ArgumentException">The name is no account name.</exception>
    public static AccountSecrets Generate(string accountName, ClusterId clusterId, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!Name.IsValid(accountName))
        {
            throw new ArgumentException("An account name has 1 to 32 of a-z, 0-9, - and _.", nameof(accountName));
        }

        var secrets = new AccountSecrets(accountName, clusterId);
        random.Fill(secrets.AccountSeed.Span);
        random.Fill(secrets.DeviceSeed.Span);
        random.Fill(secrets.IdentityKey.Span);
        random.Fill(secrets.StorageKey.Span);
        return secrets;
    }

    /// <summary>Says the name only.</summary>
    public override string ToString() => $"AccountSecrets({AccountName})";

    /// <summary>Zeroes the secrets. May be called twice.</summary>
    public void Dispose()
    {
        AccountSeed.Dispose();
        DeviceSeed.Dispose();
        IdentityKey.Dispose();
        StorageKey.Dispose();
    }

    /// <summary>Writes the one encoding; see docs/formats/key-store.md. The caller clears the writer.</summary>
    internal void Write(WireWriter output) => output
        .U8(Version)
        .Opaque8(Encoding.ASCII.GetBytes(AccountName))
        .Fixed(AccountSeed.Span)
        .Fixed(DeviceSeed.Span)
        .Fixed(IdentityKey.Span)
        .Fixed(StorageKey.Span)
        .Fixed(ClusterId.Value.ToArray());

    /// <summary>Reads the encoding; null if it is anything else.</summary>
    internal static AccountSecrets? TryRead(ReadOnlySpan<byte> encoded)
    {
        WireReader reader = new(encoded);
        byte version = reader.U8();
        string name = Encoding.ASCII.GetString(reader.Opaque8(Name.MaxLength));
        ReadOnlySpan<byte> accountSeed = reader.Fixed(SecretSize);
        ReadOnlySpan<byte> deviceSeed = reader.Fixed(SecretSize);
        ReadOnlySpan<byte> identityKey = reader.Fixed(SecretSize);
        ReadOnlySpan<byte> storageKey = reader.Fixed(SecretSize);
        ReadOnlySpan<byte> clusterId = reader.Fixed(ClusterId.SizeBytes);
        if (!reader.AtEnd || version != Version || !Name.IsValid(name))
        {
            return null;
        }

        var secrets = new AccountSecrets(name, new ClusterId(new Digest16(clusterId)));
        accountSeed.CopyTo(secrets.AccountSeed.Span);
        deviceSeed.CopyTo(secrets.DeviceSeed.Span);
        identityKey.CopyTo(secrets.IdentityKey.Span);
        storageKey.CopyTo(secrets.StorageKey.Span);
        return secrets;
    }
}
