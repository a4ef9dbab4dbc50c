using System.Security.Cryptography;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// What an arriving header does to a copy of the state: closes the old chain, begins the new one, skips to the
/// message. Nothing here is kept unless the message then opens.
/// </summary>
internal static class RatchetReceipt
{
    /// <summary>Brings the copy to the point where the header's message is the next one.</summary>
    /// <param name="header">The untrusted header; its message is not before the next expected one.</param>
    /// <param name="fields">The copy.</param>
    /// <param name="secrets">The copy.</param>
    /// <param name="skips">Receives what the secrets of skipped messages come from.</param>
    public static DecryptStatus Advance(
        in RatchetHeader header, ref RatchetFields fields, RatchetSecrets secrets, SkippedDraft skips)
    {
        bool sameChain = fields.HasReceiveChain && header.Dh.SequenceEqual(fields.PeerDh);
        if (!sameChain)
        {
            DecryptStatus begun = BeginChain(header, ref fields, secrets, skips);
            if (begun != DecryptStatus.Ok)
            {
                return begun;
            }
        }
        else if (header.N - fields.ReceiveN > SessionLimits.JumpMax)
        {
            return DecryptStatus.TooFarAhead;
        }

        if (header.Epoch != fields.ReceiveEpoch || header.PqN != (ulong)fields.ReceivePqBase + header.N
            || header.N == uint.MaxValue)
        {
            return DecryptStatus.NotAuthentic;
        }

        Skip(header.N - fields.ReceiveN, ref fields, secrets, skips);
        return DecryptStatus.Ok;
    }

    private static DecryptStatus BeginChain(
        in RatchetHeader header, ref RatchetFields fields, RatchetSecrets secrets, SkippedDraft skips)
    {
        // The peer makes a new key only in answer to one of ours, and says how long its chain before was.
        bool answersUs = !fields.TurnPending && header.PreviousN >= fields.ReceiveN
            && (fields.HasReceiveChain || header.PreviousN == 0);
        if (!answersUs)
        {
            return DecryptStatus.NotAuthentic;
        }

        uint closing = header.PreviousN - fields.ReceiveN;
        if ((ulong)closing + header.N > SessionLimits.JumpMax)
        {
            return DecryptStatus.TooFarAhead;
        }

        Skip(closing, ref fields, secrets, skips);
        if (!TryEnterEpoch(header, ref fields, secrets) || !TryAgree(header, secrets))
        {
            return DecryptStatus.NotAuthentic;
        }

        secrets.DhPrivate.Clear();
        secrets.EcSend.Clear();
        fields.PeerDh = header.Dh.ToArray();
        fields.ReceiveSerial++;
        fields.ReceiveN = 0;
        fields.TurnPending = true;
        fields.KemPart = [];
        fields.AskStep = false;
        return DecryptStatus.Ok;
    }

    private static bool TryAgree(in RatchetHeader header, RatchetSecrets secrets)
    {
        Span<byte> agreement = stackalloc byte[X25519.KeySize];
        bool agreed = X25519.TryAgree(secrets.DhPrivate, header.Dh, agreement);
        if (agreed)
        {
            RatchetKdf.EcRootStep(secrets.EcRoot, agreement, secrets.EcReceive);
        }

        CryptographicOperations.ZeroMemory(agreement);
        return agreed;
    }

    private static bool TryEnterEpoch(in RatchetHeader header, ref RatchetFields fields, RatchetSecrets secrets)
    {
        if (header.Epoch == fields.Epoch)
        {
            return header.KemCiphertext.IsEmpty && TryStayInEpoch(header, ref fields, secrets);
        }

        return header.Epoch == (ulong)fields.Epoch + 1
            && fields.HasKemSeed
            && !header.KemCiphertext.IsEmpty
            && MlKem768.IsValidEncapsulationKey(header.KemKey)
            && EnterNewEpoch(header, ref fields, secrets);
    }

    private static bool TryStayInEpoch(in RatchetHeader header, ref RatchetFields fields, RatchetSecrets secrets)
    {
        bool isFirstOfSession = !fields.HasKemSeed && fields.PeerKemKey.Length == 0;
        if (isFirstOfSession ? !MlKem768.IsValidEncapsulationKey(header.KemKey) : !header.KemKey.IsEmpty)
        {
            return false;
        }

        fields.PeerKemKey = isFirstOfSession ? header.KemKey.ToArray() : fields.PeerKemKey;
        if (fields.HasPqReceiveNext)
        {
            secrets.PqReceiveNext.CopyTo(secrets.PqReceive);
            EndPqReceiveNext(ref fields, secrets);
        }
        else
        {
            fields.ReceivePqBase += fields.ReceiveN;
        }

        return true;
    }

    private static bool EnterNewEpoch(in RatchetHeader header, ref RatchetFields fields, RatchetSecrets secrets)
    {
        Span<byte> sharedSecret = stackalloc byte[MlKem768.SharedSecretSize];
        byte[] kemKey = new byte[MlKem768.EncapsulationKeySize];
        MlKem768.DeriveEncapsulationKey(secrets.KemSeed, kemKey);
        MlKem768.Decapsulate(secrets.KemSeed, header.KemCiphertext, sharedSecret);
        RatchetKdf.PqEpoch(
            secrets.PqRoot,
            sharedSecret,
            header.Epoch,
            kemKey,
            header.KemCiphertext,
            stepperChain: secrets.PqReceive,
            otherChain: secrets.PqSend);
        CryptographicOperations.ZeroMemory(sharedSecret);
        secrets.KemSeed.Clear();
        fields.Epoch = header.Epoch;
        fields.SendPqN = 0;
        fields.HasKemSeed = false;
        fields.PeerKemKey = header.KemKey.ToArray();
        EndPqReceiveNext(ref fields, secrets);
        return true;
    }

    private static void EndPqReceiveNext(ref RatchetFields fields, RatchetSecrets secrets)
    {
        secrets.PqReceiveNext.Clear();
        fields.HasPqReceiveNext = false;
        fields.ReceivePqBase = 0;
        fields.ReceiveEpoch = fields.Epoch;
    }

    // Before the tag has fitted, the chains only move on; the skipped messages' own secrets are derived after.
    private static void Skip(uint count, ref RatchetFields fields, RatchetSecrets secrets, SkippedDraft skips)
    {
        uint discarded = count > SessionLimits.SkippedKeysMax ? count - SessionLimits.SkippedKeysMax : 0;
        MoveOn(discarded, secrets);
        skips.Add(fields.ReceiveSerial, fields.ReceiveN, discarded, count - discarded, secrets);
        MoveOn(count - discarded, secrets);
        fields.ReceiveN += count;
    }

    private static void MoveOn(uint count, RatchetSecrets secrets)
    {
        for (uint i = 0; i < count; i++)
        {
            RatchetKdf.ChainSkip(secrets.EcReceive);
            RatchetKdf.ChainSkip(secrets.PqReceive);
        }
    }
}
