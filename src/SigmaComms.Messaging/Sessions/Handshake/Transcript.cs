using System.Security.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>All that both sides must agree on; its hash is bound into keys, signature and every message.</summary>
internal readonly ref struct Transcript
{
    /// <summary>The initiator as the responder's directory lists it.</summary>
    public required RemoteDevice Initiator { get; init; }

    /// <summary>The responder as the initiator's directory lists it.</summary>
    public required RemoteDevice Responder { get; init; }

    /// <summary>Version of the initiator's device list, as the initiator says.</summary>
    public required uint InitiatorListVersion { get; init; }

    /// <summary>Version of the responder's device list, as the initiator says.</summary>
    public required uint ResponderListVersion { get; init; }

    /// <summary>SPK.</summary>
    public required ReadOnlySpan<byte> SignedPrekey { get; init; }

    /// <summary>OPK, or empty.</summary>
    public required ReadOnlySpan<byte> OneTimePrekey { get; init; }

    /// <summary>PQPK.</summary>
    public required ReadOnlySpan<byte> KemPrekey { get; init; }

    /// <summary>EK.</summary>
    public required ReadOnlySpan<byte> EphemeralKey { get; init; }

    /// <summary>ct.</summary>
    public required ReadOnlySpan<byte> Ciphertext { get; init; }

    /// <summary>TH, 64 bytes.</summary>
    public byte[] Hash()
    {
        WireWriter writer = new WireWriter(8 * 1024)
            .U8(MessageFraming.Version)
            .U16(MessageFraming.Suite)
            .Digest(Initiator.AccountId.Value)
            .Digest(Responder.AccountId.Value)
            .U32(InitiatorListVersion)
            .U32(ResponderListVersion)
            .Fixed(Initiator.SigPublicKey.Span)
            .Fixed(Responder.SigPublicKey.Span)
            .Fixed(Initiator.IdentityKey.Span)
            .Fixed(Responder.IdentityKey.Span)
            .Fixed(SignedPrekey)
            .Flag(!OneTimePrekey.IsEmpty)
            .Fixed(OneTimePrekey)
            .Fixed(KemPrekey)
            .Fixed(EphemeralKey)
            .Fixed(Ciphertext);
        return SHA512.HashData(writer.Written);
    }
}
