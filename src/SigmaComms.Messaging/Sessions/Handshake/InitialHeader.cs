using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>
/// The initiator's half of the handshake, before the ratchet message in every message until the first reply.
/// </summary>
internal readonly ref struct InitialHeader
{
    /// <summary>Size of the sealed signature.</summary>
    public const int BoxSize = MlDsa65.SignatureSize + Aes256Gcm.TagSize;

    /// <summary>Size of the whole part without and with the id of a one-time prekey.</summary>
    public const int SizeBytesMin = 1 + 1 + 2 + 8 + (4 * 4) + 1 + (2 * X25519.KeySize) + MlKem1024.CiphertextSize
        + BoxSize;

    /// <summary>The part with the id of a one-time prekey.</summary>
    public const int SizeBytesMax = SizeBytesMin + 4;

    /// <summary>When the initiator began, in milliseconds since 1970: the newer session is the one to use.</summary>
    public ulong CreatedMs { get; init; }

    /// <summary>Version of the initiator's device list.</summary>
    public uint InitiatorListVersion { get; init; }

    /// <summary>Version of the responder's device list that the initiator saw.</summary>
    public uint ResponderListVersion { get; init; }

    /// <summary>Which signed prekey.</summary>
    public uint SignedPrekeyId { get; init; }

    /// <summary>Which post-quantum prekey.</summary>
    public uint KemPrekeyId { get; init; }

    /// <summary>Which one-time prekey, if any.</summary>
    public uint? OneTimePrekeyId { get; init; }

    /// <summary>IK_A.</summary>
    public ReadOnlySpan<byte> IdentityKey { get; init; }

    /// <summary>EK.</summary>
    public ReadOnlySpan<byte> EphemeralKey { get; init; }

    /// <summary>ct, under the post-quantum prekey.</summary>
    public ReadOnlySpan<byte> Ciphertext { get; init; }

    /// <summary>The initiator's signature, sealed.</summary>
    public ReadOnlySpan<byte> Box { get; init; }

    /// <summary>Reads the part; after bytes that do not fit, the reader has failed.</summary>
    public static InitialHeader Read(scoped ref WireReader reader)
    {
        if (reader.U8() != MessageFraming.Version || reader.U8() != MessageFraming.InitialKind
            || reader.U16() != MessageFraming.Suite)
        {
            reader.Fail();
        }

        return new InitialHeader
        {
            CreatedMs = reader.U64(),
            InitiatorListVersion = reader.U32(),
            ResponderListVersion = reader.U32(),
            SignedPrekeyId = reader.U32(),
            KemPrekeyId = reader.U32(),
            OneTimePrekeyId = reader.Flag() ? reader.U32() : null,
            IdentityKey = reader.Fixed(X25519.KeySize),
            EphemeralKey = reader.Fixed(X25519.KeySize),
            Ciphertext = reader.Fixed(MlKem1024.CiphertextSize),
            Box = reader.Fixed(BoxSize),
        };
    }

    /// <summary>The part as it travels.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new WireWriter(SizeBytesMax)
            .U8(MessageFraming.Version)
            .U8(MessageFraming.InitialKind)
            .U16(MessageFraming.Suite)
            .U64(CreatedMs)
            .U32(InitiatorListVersion)
            .U32(ResponderListVersion)
            .U32(SignedPrekeyId)
            .U32(KemPrekeyId)
            .Flag(OneTimePrekeyId is not null);
        if (OneTimePrekeyId is { } id)
        {
            writer.U32(id);
        }

        return writer.Fixed(IdentityKey).Fixed(EphemeralKey).Fixed(Ciphertext).Fixed(Box).ToArray();
    }
}
