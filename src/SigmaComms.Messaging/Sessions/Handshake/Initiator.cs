using System.Security.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>PQXDH on the side that begins.</summary>
/// <remarks>The Signal PQXDH specification, bound to its transcript and signed; docs/specs/sessions.md.</remarks>
internal static class Initiator
{
    /// <summary>Begins a session with the device whose bundle this is.</summary>
    /// <returns>The session, or null if the bundle is not to be trusted or holds an invalid key.</returns>
    public static RatchetSession? TryBegin(
        LocalDevice local, RemoteDevice remote, PrekeyBundle bundle, DateTimeOffset now, IRandomSource random)
    {
        if (bundle.DeviceId != remote.DeviceId
            || !bundle.IdentityKey.Span.SequenceEqual(remote.IdentityKey.Span)
            || !bundle.Verify(remote.SigPublicKey.Span, now))
        {
            return null;
        }

        Span<byte> ephemeral = stackalloc byte[X25519.KeySize];
        Span<byte> randomness = stackalloc byte[MlKem1024.RandomnessSize];
        using var material = new KeyMaterial();
        try
        {
            random.Fill(ephemeral);
            random.Fill(randomness);
            return TryBegin(local, remote, bundle, now, random, ephemeral, randomness, material);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(ephemeral);
            CryptographicOperations.ZeroMemory(randomness);
        }
    }

    private static RatchetSession? TryBegin(
        LocalDevice local,
        RemoteDevice remote,
        PrekeyBundle bundle,
        DateTimeOffset now,
        IRandomSource random,
        ReadOnlySpan<byte> ephemeral,
        ReadOnlySpan<byte> randomness,
        KeyMaterial material)
    {
        byte[] ephemeralKey = new byte[X25519.KeySize];
        X25519.DerivePublicKey(ephemeral, ephemeralKey);
        byte[] ciphertext = new byte[MlKem1024.CiphertextSize];
        bool agreed = material.TryAgree(local.IdentityKey.Span, bundle.SignedPrekey.Span)
            && material.TryAgree(ephemeral, bundle.IdentityKey.Span)
            && material.TryAgree(ephemeral, bundle.SignedPrekey.Span)
            && (bundle.OneTimePrekeyId is null || material.TryAgree(ephemeral, bundle.OneTimePrekey.Span))
            && MlKem1024.TryEncapsulate(bundle.KemPrekey.Span, randomness, ciphertext, material.Next());
        if (!agreed)
        {
            return null;
        }

        byte[] transcriptHash = new Transcript
        {
            Initiator = local.ToRemote(),
            Responder = remote,
            InitiatorListVersion = local.DeviceListVersion,
            ResponderListVersion = remote.DeviceListVersion,
            SignedPrekey = bundle.SignedPrekey.Span,
            OneTimePrekey = bundle.OneTimePrekey.Span,
            KemPrekey = bundle.KemPrekey.Span,
            EphemeralKey = ephemeralKey,
            Ciphertext = ciphertext,
        }.Hash();
        using var keys = new HandshakeKeys(material.Bytes, transcriptHash);
        ulong createdMs = SessionClock.Milliseconds(now);
        byte[] initialPart = new InitialHeader
        {
            CreatedMs = createdMs,
            InitiatorListVersion = local.DeviceListVersion,
            ResponderListVersion = remote.DeviceListVersion,
            SignedPrekeyId = bundle.SignedPrekeyId,
            KemPrekeyId = bundle.KemPrekeyId,
            OneTimePrekeyId = bundle.OneTimePrekeyId,
            IdentityKey = local.IdentityPublicKey.Span,
            EphemeralKey = ephemeralKey,
            Ciphertext = ciphertext,
            Box = keys.SealSignature(local, transcriptHash, random),
        }.Encode();
        return RatchetSession.Initiate(keys, transcriptHash, bundle.SignedPrekey, initialPart, createdMs, random);
    }
}
