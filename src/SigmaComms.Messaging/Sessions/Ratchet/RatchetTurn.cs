using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>
/// What the first message of a sender's turn does: a new ratchet key, and, when due, a step to a new post-quantum
/// epoch. The Double Ratchet's key generation is deferred to here, as its specification allows.
/// </summary>
internal static class RatchetTurn
{
    /// <summary>Begins a turn on a copy of the state.</summary>
    public static void Begin(ref RatchetFields fields, RatchetSecrets secrets, ulong nowMs, IRandomSource random)
    {
        fields.PreviousSendN = fields.SendN;
        fields.SendN = 0;
        fields.TurnPending = false;
        random.Fill(secrets.DhPrivate);
        byte[] dhPublic = new byte[X25519.KeySize];
        X25519.DerivePublicKey(secrets.DhPrivate, dhPublic);
        fields.DhPublic = dhPublic;
        Span<byte> agreement = stackalloc byte[X25519.KeySize];
        bool agreed = X25519.TryAgree(secrets.DhPrivate, fields.PeerDh, agreement);
        Invariant.Holds(agreed);
        RatchetKdf.EcRootStep(secrets.EcRoot, agreement, secrets.EcSend);
        CryptographicOperations.ZeroMemory(agreement);
        bool isDue = IsDue(fields, nowMs);
        bool mayStep = fields.PeerKemKey.Length != 0;
        fields.AskStep = isDue && !mayStep;
        if (isDue && mayStep)
        {
            StepEpoch(ref fields, secrets, nowMs, random);
        }
    }

    /// <summary>Makes this side's next encapsulation key.</summary>
    public static void PublishKemKey(
        ref RatchetFields fields, RatchetSecrets secrets, ReadOnlySpan<byte> ciphertext, IRandomSource random)
    {
        random.Fill(secrets.KemSeed);
        byte[] kemPart = new byte[ciphertext.Length + MlKem768.EncapsulationKeySize];
        ciphertext.CopyTo(kemPart);
        MlKem768.DeriveEncapsulationKey(secrets.KemSeed, kemPart.AsSpan(ciphertext.Length));
        fields.KemPart = kemPart;
        fields.HasKemSeed = true;
        fields.PeerKemKey = [];
    }

    private static bool IsDue(in RatchetFields fields, ulong nowMs) =>
        fields.StepRequested || fields.StepWanted
        || fields.MessagesSinceStep >= SessionLimits.EpochMessages
        || SessionClock.HasPassed(fields.LastStepMs, nowMs, SessionLimits.EpochAge);

    private static void StepEpoch(
        ref RatchetFields fields, RatchetSecrets secrets, ulong nowMs, IRandomSource random)
    {
        Span<byte> randomness = stackalloc byte[MlKem768.RandomnessSize];
        Span<byte> sharedSecret = stackalloc byte[MlKem768.SharedSecretSize];
        Span<byte> ciphertext = stackalloc byte[MlKem768.CiphertextSize];
        random.Fill(randomness);
        bool valid = MlKem768.TryEncapsulate(fields.PeerKemKey, randomness, ciphertext, sharedSecret);
        Invariant.Holds(valid && !fields.HasKemSeed);
        uint epoch = fields.Epoch + 1;
        RatchetKdf.PqEpoch(
            secrets.PqRoot,
            sharedSecret,
            epoch,
            fields.PeerKemKey,
            ciphertext,
            stepperChain: secrets.PqSend,
            otherChain: secrets.PqReceiveNext);
        fields.Epoch = epoch;
        fields.SendPqN = 0;
        fields.HasPqReceiveNext = true;
        fields.MessagesSinceStep = 0;
        fields.LastStepMs = nowMs;
        fields.StepRequested = false;
        fields.StepWanted = false;
        PublishKemKey(ref fields, secrets, ciphertext, random);
        CryptographicOperations.ZeroMemory(randomness);
        CryptographicOperations.ZeroMemory(sharedSecret);
    }
}
