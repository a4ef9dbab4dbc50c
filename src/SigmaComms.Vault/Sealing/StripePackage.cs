using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Vault.Sealing;

/// <summary>
/// The all-or-nothing package: a stripe's key XOR a lock that follows from the content key and every block of the
/// sealed body. Who lacks one block cannot compute the lock, whatever keys and entries he has.
/// </summary>
/// <standard>
/// The package transform of Rivest 1997 in the form of Resch and Plank 2011 (AONT-RS), with RFC 5869 (HKDF-SHA-256).
/// </standard>
internal static class StripePackage
{
    /// <summary>Size of a lock and of a stripe's key: 32 bytes.</summary>
    public const int LockSize = 32;

    /// <summary>Size of the nonce, which is zero: every stripe has a key of its own.</summary>
    public const int NonceSize = 12;

    /// <summary>Makes or takes off a lock.</summary>
    /// <param name="contentKey">32 secret bytes.</param>
    /// <param name="vault">The vault's id.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="blockDigests">The digests of all blocks of all data fragments, in order.</param>
    /// <param name="key">32 bytes: the stripe's key becomes the sealed key, and the other way round.</param>
    public static void ApplyLock(
        ReadOnlySpan<byte> contentKey,
        Digest vault,
        StripeId stripe,
        ReadOnlySpan<byte> blockDigests,
        Span<byte> key)
    {
        Span<byte> extracted = stackalloc byte[HkdfSha256.HashSize];
        Span<byte> mask = stackalloc byte[LockSize];
        try
        {
            HkdfSha256.Extract(contentKey, blockDigests, extracted);
            HkdfSha256.Expand(extracted, Context("sigma vault lock 1"u8, vault, stripe).Written, mask);
            for (int i = 0; i < LockSize; i++)
            {
                key[i] ^= mask[i];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(extracted);
            CryptographicOperations.ZeroMemory(mask);
        }
    }

    /// <summary>What is authenticated with the body: whose stripe of which sizes it is.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="stripe">The stripe's id.</param>
    /// <param name="layout">Its sizes.</param>
    public static ReadOnlySpan<byte> AssociatedData(Digest vault, StripeId stripe, StripeLayout layout) =>
        Context("sigma vault body 1"u8, vault, stripe)
            .U32((uint)layout.PlaintextLength)
            .U8((byte)layout.DataFragments)
            .U8((byte)layout.ParityFragments)
            .Written;

    private static WireWriter Context(ReadOnlySpan<byte> label, Digest vault, StripeId stripe)
    {
        Span<byte> id = stackalloc byte[StripeId.SizeBytes];
        stripe.CopyTo(id);
        return new WireWriter(80).Opaque8(label).Digest(vault).Fixed(id);
    }
}
