using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>The clear part of a ratchet message; it is authenticated with the message.</summary>
internal readonly ref struct RatchetHeader
{
    /// <summary>Size without the KEM part.</summary>
    public const int SizeBytes = 4 + MessageFraming.SessionIdSize + X25519.KeySize + (4 * 4) + 1;

    /// <summary>Size of a whole KEM part: a ciphertext and the next encapsulation key.</summary>
    public const int KemPartSize = MlKem768.CiphertextSize + MlKem768.EncapsulationKeySize;

    private const byte CiphertextFlag = 1;
    private const byte KemKeyFlag = 2;
    private const byte StepWantedFlag = 4;

    /// <summary>Which session.</summary>
    public ReadOnlySpan<byte> SessionId { get; init; }

    /// <summary>The sender's ratchet key.</summary>
    public ReadOnlySpan<byte> Dh { get; init; }

    /// <summary>PN: messages in the sender's previous chain.</summary>
    public uint PreviousN { get; init; }

    /// <summary>N: number of this message in its chain.</summary>
    public uint N { get; init; }

    /// <summary>Which post-quantum epoch.</summary>
    public uint Epoch { get; init; }

    /// <summary>Number of this message in the sender's chain of the epoch.</summary>
    public uint PqN { get; init; }

    /// <summary>Whether the sender asks the receiver to renew the post-quantum keys at its next turn.</summary>
    public bool StepWanted { get; init; }

    /// <summary>ct_t, or empty.</summary>
    public ReadOnlySpan<byte> KemCiphertext { get; init; }

    /// <summary>ek_t+1, or empty.</summary>
    public ReadOnlySpan<byte> KemKey { get; init; }

    /// <summary>Reads a header; after bytes that do not fit, the reader has failed.</summary>
    public static RatchetHeader Read(scoped ref WireReader reader)
    {
        if (reader.U8() != MessageFraming.Version || reader.U8() != MessageFraming.RatchetKind
            || reader.U16() != MessageFraming.Suite)
        {
            reader.Fail();
        }

        ReadOnlySpan<byte> sessionId = reader.Fixed(MessageFraming.SessionIdSize);
        ReadOnlySpan<byte> dh = reader.Fixed(X25519.KeySize);
        uint previousN = reader.U32();
        uint n = reader.U32();
        uint epoch = reader.U32();
        uint pqN = reader.U32();
        byte flags = reader.U8();
        bool hasCiphertext = (flags & CiphertextFlag) != 0;
        bool hasKey = (flags & KemKeyFlag) != 0;
        if (flags > (CiphertextFlag | KemKeyFlag | StepWantedFlag) || (hasCiphertext && !hasKey))
        {
            reader.Fail();
        }

        return new RatchetHeader
        {
            SessionId = sessionId,
            Dh = dh,
            PreviousN = previousN,
            N = n,
            Epoch = epoch,
            PqN = pqN,
            StepWanted = (flags & StepWantedFlag) != 0,
            KemCiphertext = hasCiphertext ? reader.Fixed(MlKem768.CiphertextSize) : default,
            KemKey = hasKey ? reader.Fixed(MlKem768.EncapsulationKeySize) : default,
        };
    }

    /// <summary>Writes the header of the next message of a session.</summary>
    public static void Write(WireWriter writer, ReadOnlySpan<byte> sessionId, in RatchetFields fields)
    {
        int flags = fields.KemPart.Length switch
        {
            0 => 0,
            MlKem768.EncapsulationKeySize => KemKeyFlag,
            _ => CiphertextFlag | KemKeyFlag,
        };
        writer.U8(MessageFraming.Version)
            .U8(MessageFraming.RatchetKind)
            .U16(MessageFraming.Suite)
            .Fixed(sessionId)
            .Fixed(fields.DhPublic)
            .U32(fields.PreviousSendN)
            .U32(fields.SendN)
            .U32(fields.Epoch)
            .U32(fields.SendPqN)
            .U8((byte)(flags | (fields.AskStep ? StepWantedFlag : 0)))
            .Fixed(fields.KemPart);
    }
}
