using System.Buffers.Binary;
using System.Security.Cryptography;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>Every key derivation of the ratchet.</summary>
/// <remarks>KDF_RK and KDF_CK are as the Double Ratchet's "Recommended cryptographic algorithms" has them.</remarks>
internal static class RatchetKdf
{
    /// <summary>Size of every chain key, root key and message secret.</summary>
    public const int KeySize = 32;

    /// <summary>AES-256-GCM key and nonce of one message.</summary>
    public const int MessageKeysSize = 32 + 12;

    private const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>KDF_RK: renews the root and gives a chain key.</summary>
    public static void EcRootStep(Span<byte> root, ReadOnlySpan<byte> agreement, Span<byte> chain)
    {
        Span<byte> output = stackalloc byte[2 * KeySize];
        HkdfSha256.DeriveKey(agreement, root, "SigmaComms/1 ec-root"u8, output);
        output[..KeySize].CopyTo(root);
        output[KeySize..].CopyTo(chain);
        CryptographicOperations.ZeroMemory(output);
    }

    /// <summary>The chains of epoch 0, before any step.</summary>
    public static void PqStart(
        ReadOnlySpan<byte> handshakeRoot, Span<byte> root, Span<byte> initiatorChain, Span<byte> responderChain) =>
        PqExpand(default, handshakeRoot, "SigmaComms/1 pq-start"u8, root, initiatorChain, responderChain);

    /// <summary>A step to a new epoch: renews the root, gives the chains of the stepping side and the other.</summary>
    public static void PqEpoch(
        Span<byte> root,
        ReadOnlySpan<byte> sharedSecret,
        uint epoch,
        ReadOnlySpan<byte> kemKey,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> stepperChain,
        Span<byte> otherChain)
    {
        ReadOnlySpan<byte> label = "pq-epoch"u8;
        Span<byte> info = stackalloc byte[label.Length + sizeof(uint) + HashSize];
        label.CopyTo(info);
        BinaryPrimitives.WriteUInt32BigEndian(info[label.Length..], epoch);
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            hash.AppendData(kemKey);
            hash.AppendData(ciphertext);
            hash.GetHashAndReset(info[(label.Length + sizeof(uint))..]);
        }

        PqExpand(root, sharedSecret, info, root, stepperChain, otherChain);
    }

    /// <summary>KDF_CK: gives a message key and moves the chain on.</summary>
    public static void ChainStep(Span<byte> chain, Span<byte> messageKey)
    {
        HMACSHA256.HashData(chain, [1], messageKey);
        ChainSkip(chain);
    }

    /// <summary>Moves the chain on without a message key.</summary>
    public static void ChainSkip(Span<byte> chain)
    {
        Span<byte> next = stackalloc byte[KeySize];
        HMACSHA256.HashData(chain, [2], next);
        next.CopyTo(chain);
        CryptographicOperations.ZeroMemory(next);
    }

    /// <summary>Joins the two message keys to the secret of one message: HKDF-Extract(mk_pq, mk_ec).</summary>
    public static void MessageSecret(Span<byte> ecChain, Span<byte> pqChain, Span<byte> secret)
    {
        Span<byte> keys = stackalloc byte[2 * KeySize];
        ChainStep(ecChain, keys[..KeySize]);
        ChainStep(pqChain, keys[KeySize..]);
        HkdfSha256.Extract(keys[KeySize..], keys[..KeySize], secret);
        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Gives key and nonce of one message.</summary>
    public static void MessageKeys(ReadOnlySpan<byte> secret, Span<byte> keyAndNonce) =>
        HkdfSha256.Expand(secret, "SigmaComms/1 message"u8, keyAndNonce);

    private static void PqExpand(
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> input,
        ReadOnlySpan<byte> info,
        Span<byte> root,
        Span<byte> firstChain,
        Span<byte> secondChain)
    {
        Span<byte> output = stackalloc byte[3 * KeySize];
        HkdfSha256.DeriveKey(input, salt, info, output);
        output[..KeySize].CopyTo(root);
        output[KeySize..(2 * KeySize)].CopyTo(firstChain);
        output[(2 * KeySize)..].CopyTo(secondChain);
        CryptographicOperations.ZeroMemory(output);
    }
}
