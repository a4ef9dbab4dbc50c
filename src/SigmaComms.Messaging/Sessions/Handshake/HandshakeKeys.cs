using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Sessions.Handshake;

/// <summary>RK_ec | RK_pq | K_auth, and what K_auth is for: the initiator's sealed signature.</summary>
internal sealed class HandshakeKeys : IDisposable
{
    private const int KeySize = 32;

    private readonly SecretBytes _keys = new(3 * KeySize);

    /// <summary>Derives the three keys.</summary>
    /// <param name="keyMaterial">KM: FF x 32, the agreements, ss.</param>
    /// <param name="transcriptHash">TH.</param>
    public HandshakeKeys(ReadOnlySpan<byte> keyMaterial, ReadOnlySpan<byte> transcriptHash)
    {
        HkdfSha512.DeriveKey(keyMaterial, default, [.. "SigmaComms/1 PQXDH"u8, .. transcriptHash], _keys.Span);
    }

    /// <summary>Root of the elliptic-curve ratchet.</summary>
    public ReadOnlySpan<byte> EcRoot => _keys.Span[..KeySize];

    /// <summary>Root of the post-quantum ratchet.</summary>
    public ReadOnlySpan<byte> PqRoot => _keys.Span[KeySize..(2 * KeySize)];

    private ReadOnlySpan<byte> Authentication => _keys.Span[(2 * KeySize)..];

    private static ReadOnlySpan<byte> SignatureContext => "SigmaComms/1 session"u8;

    /// <summary>Signs the transcript and seals the signature.</summary>
    public byte[] SealSignature(LocalDevice signer, byte[] transcriptHash, Cryptography.Entropy.IRandomSource random)
    {
        byte[] signature = signer.SigningKey.Sign(Signed(transcriptHash), SignatureContext, random);
        byte[] box = new byte[InitialHeader.BoxSize];
        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        nonce.Clear();
        Aes256Gcm.Seal(Authentication, nonce, signature, transcriptHash, box);
        return box;
    }

    /// <summary>Opens the signature and verifies it.</summary>
    public bool VerifySignature(ReadOnlySpan<byte> box, RemoteDevice signer, byte[] transcriptHash)
    {
        byte[] signature = new byte[MlDsa65.SignatureSize];
        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        nonce.Clear();
        return Aes256Gcm.TryOpen(Authentication, nonce, box, transcriptHash, signature)
            && MlDsa65.Verify(signer.SigPublicKey.Span, Signed(transcriptHash), SignatureContext, signature);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private static byte[] Signed(byte[] transcriptHash) => [.. "init"u8, .. transcriptHash];
}
