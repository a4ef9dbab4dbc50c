using System.Security.Cryptography;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>PQXDH on the side whose bundle was used.</summary>
internal static class Responder
{
    /// <summary>Rebuilds the session of a first message and verifies the initiator's signature.</summary>
    /// <param name="header">The initiator's part; untrusted.</param>
    /// <param name="local">This device.</param>
    /// <param name="prekeys">Its private prekeys; only read.</param>
    /// <param name="remote">The initiator as the directory lists it.</param>
    /// <param name="now">The time.</param>
    /// <param name="session">The session, or null.</param>
    /// <param name="effects">What to delete or remember if the message in it opens too.</param>
    public static DecryptStatus TryAccept(
        in InitialHeader header,
        LocalDevice local,
        IPrekeySecrets prekeys,
        RemoteDevice remote,
        DateTimeOffset now,
        out RatchetSession? session,
        out DecryptResult effects)
    {
        session = null;
        effects = default;
        if (!header.IdentityKey.SequenceEqual(remote.IdentityKey.Span))
        {
            return DecryptStatus.NotAuthentic;
        }

        Span<byte> secrets = stackalloc byte[(2 * X25519.KeySize) + MlKem1024.SeedSize];
        var privateKeys = new ResponderPrekeys(secrets);
        try
        {
            if (!privateKeys.TryLoad(header, prekeys, out bool isLastResort))
            {
                return DecryptStatus.PrekeyUnknown;
            }

            if (isLastResort && prekeys.WasLastResortUsed(header.KemPrekeyId, header.EphemeralKey))
            {
                return DecryptStatus.LastResortReplayed;
            }

            effects = new DecryptResult(
                DecryptStatus.Ok,
                ConsumedOneTimePrekey: header.OneTimePrekeyId,
                ConsumedKemPrekey: isLastResort ? null : header.KemPrekeyId,
                RememberLastResort: isLastResort
                    ? new LastResortUse(header.KemPrekeyId, header.EphemeralKey.ToArray())
                    : null,
                ListVersions: new ListVersions(header.InitiatorListVersion, header.ResponderListVersion));
            session = TryAgree(header, local, privateKeys, remote, now);
            return session is null ? DecryptStatus.NotAuthentic : DecryptStatus.Ok;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets);
        }
    }

    private static RatchetSession? TryAgree(
        in InitialHeader header,
        LocalDevice local,
        ResponderPrekeys prekeys,
        RemoteDevice remote,
        DateTimeOffset now)
    {
        using var material = new KeyMaterial();
        bool agreed = material.TryAgree(prekeys.Signed, header.IdentityKey)
            && material.TryAgree(local.IdentityKey.Span, header.EphemeralKey)
            && material.TryAgree(prekeys.Signed, header.EphemeralKey)
            && (header.OneTimePrekeyId is null || material.TryAgree(prekeys.OneTime, header.EphemeralKey));
        if (!agreed)
        {
            return null;
        }

        MlKem1024.Decapsulate(prekeys.KemSeed, header.Ciphertext, material.Next());
        byte[] transcriptHash = HashTranscript(header, local, prekeys, remote);
        using var keys = new HandshakeKeys(material.Bytes, transcriptHash);
        return keys.VerifySignature(header.Box, remote, transcriptHash)
            ? RatchetSession.Respond(keys, transcriptHash, prekeys.Signed, header.CreatedMs, now)
            : null;
    }

    private static byte[] HashTranscript(
        in InitialHeader header, LocalDevice local, ResponderPrekeys prekeys, RemoteDevice remote)
    {
        Span<byte> signedPrekey = stackalloc byte[X25519.KeySize];
        Span<byte> oneTimePrekey = stackalloc byte[X25519.KeySize];
        byte[] kemPrekey = new byte[MlKem1024.EncapsulationKeySize];
        X25519.DerivePublicKey(prekeys.Signed, signedPrekey);
        MlKem1024.DeriveEncapsulationKey(prekeys.KemSeed, kemPrekey);
        if (header.OneTimePrekeyId is not null)
        {
            X25519.DerivePublicKey(prekeys.OneTime, oneTimePrekey);
        }

        return new Transcript
        {
            Initiator = remote,
            Responder = local.ToRemote(),
            InitiatorListVersion = header.InitiatorListVersion,
            ResponderListVersion = header.ResponderListVersion,
            SignedPrekey = signedPrekey,
            OneTimePrekey = header.OneTimePrekeyId is null ? default : oneTimePrekey,
            KemPrekey = kemPrekey,
            EphemeralKey = header.EphemeralKey,
            Ciphertext = header.Ciphertext,
        }.Hash();
    }
}
