using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>
/// An account's versioned device list, signed by the account key. Byte table: docs/formats/account-record.md.
/// </summary>
public sealed record AccountRecord
{
    /// <summary>Most devices an account may list: 16.</summary>
    public const int DevicesMax = 16;

    /// <summary>Largest encoding: a record with 16 devices and a name of 32 characters.</summary>
    public const int EncodedMaxBytes = 2 + 1 + 8 + 1 + AccountName.MaxLength + 1 + MlDsa65.PublicKeySize + 4 + 1
        + (DevicesMax * EntryBytes) + MlDsa65.SignatureSize;

    private const byte FormatVersion = 1;
    private const int EntryBytes = 1 + MlDsa65.PublicKeySize + 1 + X25519.KeySize;

    private AccountRecord(
        string name, byte[] accountPublicKey, uint version, IReadOnlyList<DeviceEntry> devices, byte[] encoded)
    {
        Name = name;
        AccountId = NodeId.Of(accountPublicKey);
        AccountPublicKey = accountPublicKey;
        Version = version;
        Devices = devices;
        Encoded = encoded;
    }

    /// <summary>The account's name; see <see cref="AccountName"/>.</summary>
    public string Name { get; }

    /// <summary>The hash of the account key.</summary>
    public NodeId AccountId { get; }

    /// <summary>ML-DSA-65 public key that signed this record, 1952 bytes.</summary>
    public ReadOnlyMemory<byte> AccountPublicKey { get; }

    /// <summary>At least 1; a higher one of the same account replaces a lower one.</summary>
    public uint Version { get; }

    /// <summary>At most 16, each once, sorted by device id.</summary>
    public IReadOnlyList<DeviceEntry> Devices { get; }

    /// <summary>The bytes as they were signed, with the signature.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    private static ReadOnlySpan<byte> Label => "account"u8;

    private static ReadOnlySpan<byte> SignatureContext => "SigmaComms/1 account"u8;

    /// <summary>Signs a device list.</summary>
    /// <param name="name">A valid account name.</param>
    /// <param name="accountKey">The account key.</param>
    /// <param name="version">At least 1.</param>
    /// <param name="devices">At most 16 different devices, in any order.</param>
    /// <param name="random">For the hedged signature.</param>
    /// <exception cref="ArgumentException">The name is not valid, or the devices are too many or repeat.</exception>
    public static AccountRecord Create(
        string name,
        MlDsa65SigningKey accountKey,
        uint version,
        IReadOnlyList<DeviceEntry> devices,
        IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentOutOfRangeException.ThrowIfZero(version);
        if (!AccountName.IsValid(name))
        {
            throw new ArgumentException("Not an account name: 1 to 32 of a-z, 0-9, - and _.", nameof(name));
        }

        DeviceEntry[] sorted = [.. devices.OrderBy(device => device.DeviceId)];
        if (sorted.Length > DevicesMax || !AreStrictlySorted(sorted))
        {
            throw new ArgumentException($"At most {DevicesMax} different devices.", nameof(devices));
        }

        byte[] accountPublicKey = accountKey.PublicKey.ToArray();
        byte[] signed = EncodeSigned(name, accountPublicKey, version, sorted);
        byte[] signature = accountKey.Sign(signed, SignatureContext, random);
        byte[] encoded = new WireWriter(EncodedMaxBytes).Opaque16(signed).Fixed(signature).ToArray();
        return new AccountRecord(name, accountPublicKey, version, sorted, encoded);
    }

    /// <summary>Decodes and verifies a record.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>False unless the encoding is canonical and the account key inside it signed it.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out AccountRecord? record)
    {
        record = null;
        var reader = new WireReader(encoded);
        ReadOnlySpan<byte> signed = reader.Opaque16();
        ReadOnlySpan<byte> signature = reader.Fixed(MlDsa65.SignatureSize);
        if (!reader.AtEnd || !TryDecodeSigned(signed, encoded, out AccountRecord? decoded))
        {
            return false;
        }

        if (!MlDsa65.Verify(decoded.AccountPublicKey.Span, signed, SignatureContext, signature))
        {
            return false;
        }

        record = decoded;
        return true;
    }

    /// <summary>Finds a device by its id.</summary>
    /// <param name="deviceId">The device.</param>
    /// <returns>The entry, or null.</returns>
    public DeviceEntry? FindDevice(NodeId deviceId) => Devices.FirstOrDefault(device => device.DeviceId == deviceId);

    /// <summary>Whether this record is of the same account and name as the other one, and newer.</summary>
    /// <param name="older">The record known so far.</param>
    public bool Replaces(AccountRecord older) =>
        AccountId == older.AccountId && string.Equals(Name, older.Name, StringComparison.Ordinal)
        && Version > older.Version;

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="other">The other record.</param>
    public bool Equals(AccountRecord? other) => other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AccountId, Version);

    private static byte[] EncodeSigned(string name, byte[] accountPublicKey, uint version, DeviceEntry[] devices)
    {
        WireWriter writer = new WireWriter(EncodedMaxBytes)
            .U8(FormatVersion)
            .Opaque8(Label)
            .Opaque8(Encoding.ASCII.GetBytes(name))
            .Key(KeyKind.MlDsa65, accountPublicKey)
            .U32(version)
            .U8((byte)devices.Length);
        foreach (DeviceEntry device in devices)
        {
            writer.Key(KeyKind.MlDsa65, device.SigPublicKey.Span).Key(KeyKind.X25519, device.IdentityKey.Span);
        }

        return writer.ToArray();
    }

    private static bool TryDecodeSigned(
        ReadOnlySpan<byte> signed, ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out AccountRecord? record)
    {
        record = null;
        var reader = new WireReader(signed);
        bool known = reader.U8() == FormatVersion && reader.Opaque8().SequenceEqual(Label);
        string name = Encoding.ASCII.GetString(reader.Opaque8(AccountName.MaxLength));
        byte[] accountPublicKey = reader.Key(KeyKind.MlDsa65, MlDsa65.PublicKeySize).ToArray();
        uint version = reader.U32();
        int count = reader.U8();
        if (!known || !AccountName.IsValid(name) || version == 0 || count > DevicesMax
            || reader.Failed || reader.Remaining != count * EntryBytes)
        {
            return false;
        }

        var devices = new DeviceEntry[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> sigPublicKey = reader.Key(KeyKind.MlDsa65, MlDsa65.PublicKeySize);
            ReadOnlySpan<byte> identityKey = reader.Key(KeyKind.X25519, X25519.KeySize);
            if (reader.Failed)
            {
                return false;
            }

            devices[i] = new DeviceEntry(sigPublicKey, identityKey);
        }

        if (!reader.AtEnd || !AreStrictlySorted(devices))
        {
            return false;
        }

        record = new AccountRecord(name, accountPublicKey, version, devices, encoded.ToArray());
        return true;
    }

    private static bool AreStrictlySorted(ReadOnlySpan<DeviceEntry> devices)
    {
        for (int i = 1; i < devices.Length; i++)
        {
            if (devices[i - 1].DeviceId >= devices[i].DeviceId)
            {
                return false;
            }
        }

        return true;
    }
}
