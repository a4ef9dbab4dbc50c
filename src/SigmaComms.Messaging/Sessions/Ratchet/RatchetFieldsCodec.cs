using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>Writes and reads <see cref="RatchetFields"/>. Each state has one encoding.</summary>
internal static class RatchetFieldsCodec
{
    /// <summary>Writes the fields.</summary>
    public static void Write(WireWriter writer, in RatchetFields fields) => writer
        .U64(fields.CreatedMs)
        .Flag(fields.TurnPending)
        .U32(fields.SendN)
        .U32(fields.PreviousSendN)
        .Opaque8(fields.DhPublic)
        .Fixed(fields.PeerDh)
        .U32(fields.ReceiveSerial)
        .U32(fields.ReceiveN)
        .U32(fields.ReceiveEpoch)
        .U32(fields.ReceivePqBase)
        .U32(fields.Epoch)
        .U32(fields.SendPqN)
        .Flag(fields.HasPqReceiveNext)
        .Flag(fields.HasKemSeed)
        .Opaque16(fields.PeerKemKey)
        .Opaque16(fields.KemPart)
        .U32(fields.MessagesSinceStep)
        .U64(fields.LastStepMs)
        .Flag(fields.StepRequested)
        .Flag(fields.StepWanted)
        .Flag(fields.AskStep);

    /// <summary>Reads fields; after bytes that do not fit, the reader has failed.</summary>
    public static RatchetFields Read(ref WireReader reader)
    {
        var fields = new RatchetFields
        {
            CreatedMs = reader.U64(),
            TurnPending = reader.Flag(),
            SendN = reader.U32(),
            PreviousSendN = reader.U32(),
            DhPublic = reader.Opaque8(X25519.KeySize).ToArray(),
            PeerDh = reader.Fixed(X25519.KeySize).ToArray(),
            ReceiveSerial = reader.U32(),
            ReceiveN = reader.U32(),
            ReceiveEpoch = reader.U32(),
            ReceivePqBase = reader.U32(),
            Epoch = reader.U32(),
            SendPqN = reader.U32(),
            HasPqReceiveNext = reader.Flag(),
            HasKemSeed = reader.Flag(),
            PeerKemKey = reader.Opaque16(MlKem768.EncapsulationKeySize).ToArray(),
            KemPart = reader.Opaque16(RatchetHeader.KemPartSize).ToArray(),
            MessagesSinceStep = reader.U32(),
            LastStepMs = reader.U64(),
            StepRequested = reader.Flag(),
            StepWanted = reader.Flag(),
            AskStep = reader.Flag(),
        };
        if (!IsConsistent(fields))
        {
            reader.Fail();
        }

        return fields;
    }

    private static bool IsConsistent(in RatchetFields fields) =>
        (fields.TurnPending || fields.DhPublic.Length == X25519.KeySize)
        && fields.DhPublic.Length is 0 or X25519.KeySize
        && fields.PeerKemKey.Length == (fields.HasKemSeed ? 0 : MlKem768.EncapsulationKeySize)
        && fields.KemPart.Length is 0 or MlKem768.EncapsulationKeySize or RatchetHeader.KemPartSize
        && fields.ReceiveEpoch <= fields.Epoch
        && fields.MessagesSinceStep <= SessionLimits.EpochMessages;
}
