using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Client.Vaults.Sharing;

/// <summary>
/// The key to which others may share vaults with a device, signed by the device. Byte table:
/// docs/formats/vault-folder.md.
/// </summary>
public sealed class MemberCard
{
    private const byte Version = 1;

    private readonly byte[] _publicKey;
    private readonly byte[] _encoded;

    private MemberCard(NodeId device, byte[] publicKey, byte[] encoded)
    {
        Device = device;
        _publicKey = publicKey;
        _encoded = encoded;
    }

    /// <summary>The device.</summary>
    public NodeId Device { get; }

    /// <summary>Its X-Wing key, 1,216 bytes.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The card as it is published.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>The salt of the stream in which a device publishes its card.</summary>
    internal static Digest Salt { get; } = Digest.Sha256("SigmaComms vault member card v1"u8);

    private static ReadOnlySpan<byte> SignatureContext => "SigmaComms vault member v1"u8;

    /// <summary>Reads a card. Whose it is shows by <see cref="IsOf"/>.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="card">The card, or null.</param>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out MemberCard? card)
    {
        var reader = new WireReader(encoded);
        bool known = reader.U8() == Version;
        Digest device = reader.Digest();
        byte[] publicKey = reader.Fixed(XWing.EncapsulationKeySize).ToArray();
        reader.Fixed(MlDsa65.SignatureSize);
        card = known && reader.AtEnd ? new MemberCard(new NodeId(device), publicKey, encoded.ToArray()) : null;
        return card is not null;
    }

    /// <summary>Whether a device of an account signed the card.</summary>
    /// <param name="device">The device, from a verified record.</param>
    public bool IsOf(DeviceEntry device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ReadOnlySpan<byte> signed = _encoded.AsSpan(0, _encoded.Length - MlDsa65.SignatureSize);
        return device.DeviceId == Device
            && XWing.IsValidEncapsulationKey(_publicKey)
            && MlDsa65.Verify(
                device.SigPublicKey.Span, signed, SignatureContext, _encoded.AsSpan(signed.Length));
    }

    /// <summary>Makes the card of a device.</summary>
    internal static MemberCard Make(MlDsa65SigningKey device, ReadOnlySpan<byte> memberKey, IRandomSource random)
    {
        byte[] publicKey = new byte[XWing.EncapsulationKeySize];
        XWing.DeriveEncapsulationKey(memberKey, publicKey);
        WireWriter writer = new(8_192);
        writer.U8(Version).Digest(device.Id.Value).Fixed(publicKey);
        writer.Fixed(device.Sign(writer.Written, SignatureContext, random));
        return new MemberCard(device.Id, publicKey, writer.ToArray());
    }

    /// <summary>The stream in which a device publishes its card.</summary>
    internal static Digest StreamOf(NodeId device) => VaultHeader.IdOf(device, Salt);
}
