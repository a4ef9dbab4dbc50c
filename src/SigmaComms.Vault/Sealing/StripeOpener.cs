using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Erasure;

namespace SigmaComms.Vault.Sealing;

/// <summary>Opens stripes of one vault from their entries and any k verified fragments.</summary>
/// <remarks>Pure. Safe to call from any thread until it is disposed, with an assembly for each.</remarks>
/// <standard>docs/specs/vault.md; AES-256-GCM of NIST SP 800-38D.</standard>
public sealed class StripeOpener : IDisposable
{
    private readonly Digest _vault;
    private readonly SecretBytes _contentKey;

    /// <summary>Prepares opening for one vault.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="contentKey">32 secret bytes, copied.</param>
    /// <exception cref="ArgumentException">The key has the wrong length.</exception>
    public StripeOpener(Digest vault, ReadOnlySpan<byte> contentKey)
    {
        if (contentKey.Length != StripePackage.LockSize)
        {
            throw new ArgumentException("The content key has 32 bytes.", nameof(contentKey));
        }

        _vault = vault;
        _contentKey = new SecretBytes(contentKey);
    }

    /// <summary>Decrypts in the assembly's own room; an assembly is opened once.</summary>
    /// <param name="assembly">The fragments.</param>
    /// <param name="plaintext">The plaintext at the beginning of that room, or empty.</param>
    /// <returns>Whether it is there, or why not; the body is zeroed when it was decrypted in vain.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public StripeOpening Open(StripeAssembly assembly, out ReadOnlySpan<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        plaintext = default;
        if (assembly.Needed > 0)
        {
            return StripeOpening.NeedsFragments;
        }

        StripeEntry entry = assembly.Entry;
        ErasureCode code = new(entry.DataFragments, entry.ParityFragments);
        if (!assembly.TryComplete(code, out ReadOnlySpan<byte> digests, out Span<byte> body))
        {
            return StripeOpening.Inconsistent;
        }

        Span<byte> key = stackalloc byte[StripePackage.LockSize];
        try
        {
            entry.SealedKey.CopyTo(key);
            StripePackage.ApplyLock(_contentKey.Span, _vault, entry.Stripe, digests, key);
            if (!TryDecrypt(key, StripePackage.AssociatedData(_vault, entry.Stripe, entry.Layout), entry.Tag, body))
            {
                return StripeOpening.Refused;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        plaintext = body[..entry.PlaintextLength];
        return StripeOpening.Opened;
    }

    /// <summary>Zeroes the key. May be called twice.</summary>
    public void Dispose() => _contentKey.Dispose();

    private static bool TryDecrypt(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> tag, Span<byte> body)
    {
        Span<byte> nonce = stackalloc byte[StripePackage.NonceSize];
        nonce.Clear();
        using AesGcm cipher = new(key, StripeEntry.TagSize);
        try
        {
            cipher.Decrypt(nonce, body, tag, body, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            CryptographicOperations.ZeroMemory(body);
            return false;
        }
    }
}
