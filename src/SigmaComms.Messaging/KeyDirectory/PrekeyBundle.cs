using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>
/// What a device publishes so that others can start a session while it is away. Byte table:
/// docs/formats/prekey-bundle.md.
/// </summary>
public sealed record PrekeyBundle
{
    /// <summary>Largest encoding: a bundle with a one-time prekey.</summary>
    public const int EncodedMaxBytes = 2 + SignedBytes + MlDsa65.SignatureSize + 1 + OneTimeBytes;

    private const byte FormatVersion = 1;
    private const int SignedBytes = 1 + 7 + Digest.SizeBytes + 1 + X25519.KeySize + 4 + 1 + X25519.KeySize
        + 4 + 1 + MlKem1024.EncapsulationKeySize + 1 + 8;

    private const int OneTimeBytes = 4 + 1 + X25519.KeySize;

    private PrekeyBundle(PrekeyBundleKeys keys, byte[] signed, byte[] signature, byte[] encoded)
    {
        Keys = keys;
        Signed = signed;
        Signature = signature;
        Encoded = encoded;
    }

    /// <summary>The device's id: the hash of its signature key.</summary>
    public NodeId DeviceId => Keys.DeviceId;

    /// <summary>The device's X25519 identity key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> IdentityKey => Keys.IdentityKey;

    /// <summary>Id of the signed prekey.</summary>
    public uint SignedPrekeyId => Keys.SignedPrekeyId;

    /// <summary>The signed prekey, X25519, 32 bytes.</summary>
    public ReadOnlyMemory<byte> SignedPrekey => Keys.SignedPrekey;

    /// <summary>Id of the post-quantum prekey.</summary>
    public uint KemPrekeyId => Keys.KemPrekeyId;

    /// <summary>The post-quantum prekey, ML-KEM-1024, 1568 bytes.</summary>
    public ReadOnlyMemory<byte> KemPrekey => Keys.KemPrekey;

    /// <summary>Whether the post-quantum prekey is the one that is handed out more than once.</summary>
    public bool IsLastResort => Keys.IsLastResort;

    /// <summary>From this second on nobody may start a session with the bundle.</summary>
    public DateTimeOffset Expiry => Keys.Expiry;

    /// <summary>Id of the one-time prekey, if there is one. Outside the signature.</summary>
    public uint? OneTimePrekeyId => Keys.OneTimePrekeyId;

    /// <summary>The one-time prekey, X25519, 32 bytes, or empty. Outside the signature.</summary>
    public ReadOnlyMemory<byte> OneTimePrekey => Keys.OneTimePrekey;

    /// <summary>The bundle with its signature, as it travels.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    private static ReadOnlySpan<byte> Label => "bundle"u8;

    private static ReadOnlySpan<byte> SignatureContext => "SigmaComms/1 bundle"u8;

    private PrekeyBundleKeys Keys { get; }

    private byte[] Signed { get; }

    private byte[] Signature { get; }

    /// <summary>Signs the keys with the device's signature key.</summary>
    /// <param name="signingKey">The device's key; its id must be the one in the keys.</param>
    /// <param name="keys">What to publish.</param>
    /// <param name="random">For the hedged signature.</param>
    /// <exception cref="ArgumentException">
    /// A key has the wrong length, the device is another one, or a last-resort bundle has a one-time prekey.
    /// </exception>
    public static PrekeyBundle Create(MlDsa65SigningKey signingKey, PrekeyBundleKeys keys, IRandomSource random)
    {
        keys.Require(signingKey.Id);
        byte[] signed = EncodeSigned(keys);
        byte[] signature = signingKey.Sign(signed, SignatureContext, random);
        WireWriter writer = new WireWriter(EncodedMaxBytes)
            .Opaque16(signed)
            .Fixed(signature)
            .Flag(keys.OneTimePrekeyId is not null);
        if (keys.OneTimePrekeyId is { } id)
        {
            writer.U32(id).Key(KeyKind.X25519, keys.OneTimePrekey.Span);
        }

        return new PrekeyBundle(keys, signed, signature, writer.ToArray());
    }

    /// <summary>Decodes a bundle without verifying it: the key that signed it is in the account's record.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="bundle">The bundle, or null; trust nothing in it before <see cref="Verify"/>.</param>
    /// <returns>
    /// False unless the encoding is canonical, and for a last-resort bundle with a one-time prekey: somebody on the way
    /// has joined two bundles.
    /// </returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out PrekeyBundle? bundle)
    {
        bundle = null;
        var reader = new WireReader(encoded);
        ReadOnlySpan<byte> signed = reader.Opaque16();
        ReadOnlySpan<byte> signature = reader.Fixed(MlDsa65.SignatureSize);
        uint? oneTimePrekeyId = null;
        byte[] oneTimePrekey = [];
        if (reader.Flag())
        {
            oneTimePrekeyId = reader.U32();
            oneTimePrekey = reader.Key(KeyKind.X25519, X25519.KeySize).ToArray();
        }

        if (!reader.AtEnd || !TryDecodeSigned(signed, out PrekeyBundleKeys? keys)
            || (keys.IsLastResort && oneTimePrekeyId is not null))
        {
            return false;
        }

        keys = keys with { OneTimePrekeyId = oneTimePrekeyId, OneTimePrekey = oneTimePrekey };
        bundle = new PrekeyBundle(keys, signed.ToArray(), signature.ToArray(), encoded.ToArray());
        return true;
    }

    /// <summary>Whether the device with this key signed the bundle and it has not expired.</summary>
    /// <param name="deviceSigPublicKey">The device's ML-DSA-65 key, from the verified account record.</param>
    /// <param name="now">The time.</param>
    public bool Verify(ReadOnlySpan<byte> deviceSigPublicKey, DateTimeOffset now) =>
        now < Expiry
        && DeviceId == NodeId.Of(deviceSigPublicKey)
        && MlDsa65.Verify(deviceSigPublicKey, Signed, SignatureContext, Signature);

    /// <summary>The bundle without its one-time prekey; the signature still holds.</summary>
    public PrekeyBundle WithoutOneTimePrekey()
    {
        byte[] encoded = new WireWriter(EncodedMaxBytes).Opaque16(Signed).Fixed(Signature).Flag(false).ToArray();
        PrekeyBundleKeys keys = Keys with { OneTimePrekeyId = null, OneTimePrekey = default };
        return new PrekeyBundle(keys, Signed, Signature, encoded);
    }

    /// <summary>Whether both are the same bytes.</summary>
    /// <param name="other">The other bundle.</param>
    public bool Equals(PrekeyBundle? other) => other is not null && Encoded.Span.SequenceEqual(other.Encoded.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DeviceId, KemPrekeyId);

    private static byte[] EncodeSigned(PrekeyBundleKeys keys) => new WireWriter(SignedBytes)
        .U8(FormatVersion)
        .Opaque8(Label)
        .Digest(keys.DeviceId.Value)
        .Key(KeyKind.X25519, keys.IdentityKey.Span)
        .U32(keys.SignedPrekeyId)
        .Key(KeyKind.X25519, keys.SignedPrekey.Span)
        .U32(keys.KemPrekeyId)
        .Key(KeyKind.MlKem1024, keys.KemPrekey.Span)
        .Flag(keys.IsLastResort)
        .U64((ulong)keys.Expiry.ToUnixTimeSeconds())
        .ToArray();

    private static bool TryDecodeSigned(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out PrekeyBundleKeys? keys)
    {
        keys = null;
        var reader = new WireReader(signed);
        bool known = reader.U8() == FormatVersion && reader.Opaque8().SequenceEqual(Label);
        var deviceId = new NodeId(reader.Digest());
        byte[] identityKey = reader.Key(KeyKind.X25519, X25519.KeySize).ToArray();
        uint signedPrekeyId = reader.U32();
        byte[] signedPrekey = reader.Key(KeyKind.X25519, X25519.KeySize).ToArray();
        uint kemPrekeyId = reader.U32();
        byte[] kemPrekey = reader.Key(KeyKind.MlKem1024, MlKem1024.EncapsulationKeySize).ToArray();
        bool isLastResort = reader.Flag();
        ulong expirySeconds = reader.U64();
        if (!known || !reader.AtEnd || expirySeconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return false;
        }

        keys = new PrekeyBundleKeys
        {
            DeviceId = deviceId,
            IdentityKey = identityKey,
            SignedPrekeyId = signedPrekeyId,
            SignedPrekey = signedPrekey,
            KemPrekeyId = kemPrekeyId,
            KemPrekey = kemPrekey,
            IsLastResort = isLastResort,
            Expiry = DateTimeOffset.FromUnixTimeSeconds((long)expirySeconds),
        };
        return true;
    }
}
