using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.History;

/// <summary>
/// What a client keeps of a vault's namespace in its folder, sealed under the vault's key, so that opening it again
/// asks the cluster only for what is newer. Byte table: docs/formats/vault-folder.md.
/// </summary>
/// <remarks>
/// It is no evidence of anything: how far the log was ever followed stands elsewhere and rules. Whatever is wrong with
/// the copy, the log is followed from its beginning as if there were none.
/// </remarks>
internal sealed class StateCopy(VaultFolder folder, VaultUnlocker unlocker, IRandomSource random)
{
    /// <summary>A vault whose namespace is larger is followed anew each time.</summary>
    public const int SizeMaxBytes = 128 << 20;

    /// <summary>Reading less than this again is cheaper than writing it down.</summary>
    private const long NewsMinBytes = 32 * 1024;

    private long _sizeBytes;

    private static ReadOnlySpan<byte> Magic => "SigmaVC1"u8;

    /// <summary>Starts a session from the copy.</summary>
    /// <param name="access">What the session needs.</param>
    /// <param name="log">Goes on counting where the former session ended.</param>
    /// <param name="remembered">How far the log was ever followed.</param>
    /// <returns>Null if there is no copy that is good.</returns>
    public VaultSession? Open(VaultAccess access, CountedLog log, LogPosition remembered)
    {
        byte[]? file = folder.ReadCopy(SizeMaxBytes);
        byte[]? content = file is null ? null : Unseal(file);
        if (content is null)
        {
            return null;
        }

        try
        {
            var reader = new WireReader(content);
            (ulong entries, ulong bytes) = (reader.U64(), reader.U64());
            bool isGood = !reader.Failed && entries <= long.MaxValue && bytes <= long.MaxValue;
            VaultSession? session = isGood ? VaultSession.Resume(access, reader.Rest(), remembered) : null;
            if (session is not null)
            {
                log.Restore((long)entries, (long)bytes);
                _sizeBytes = file!.Length;
            }

            return session;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>
    /// It led nowhere, so that a newer one is worth more. It stays until then: it knows how far the log once went.
    /// </summary>
    public void Distrust() => _sizeBytes = 0;

    /// <summary>
    /// Writes the copy anew if that saves more than it costs; failing does no harm. The caller has the session.
    /// </summary>
    public void Keep(VaultSession session, CountedLog log)
    {
        bool isWorth = log.AllBytes >= Math.Max(NewsMinBytes, _sizeBytes / 4);
        if (!isWorth || session.Position != session.Remembered || session.Copy() is not { } copy)
        {
            return;
        }

        byte[] content = new WireWriter(16 + copy.Length).U64((ulong)log.Entries).U64((ulong)log.Bytes).Fixed(copy)
            .ToArray();
        try
        {
            byte[] file = Seal(session.Header!, session.Keys!, content);
            if (file.Length <= SizeMaxBytes)
            {
                folder.WriteCopy(file);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private byte[] Seal(VaultHeader header, VaultKeyring keys, byte[] content)
    {
        byte[] head = new WireWriter(256).Fixed(Magic).Opaque24(header.Encoded.Span).ToArray();
        byte[] file = new byte[head.Length + AesGcmCipher.NonceSize + content.Length + AesGcmCipher.TagSize];
        head.CopyTo(file, 0);
        Span<byte> nonce = file.AsSpan(head.Length, AesGcmCipher.NonceSize);
        random.Fill(nonce);
        using SecretBytes key = keys.Derive(keys.Epoch, VaultPurpose.Copy);
        using AesGcmCipher cipher = new(key.Span);
        cipher.Seal(nonce, content, DataOf(head), file.AsSpan(head.Length + nonce.Length));
        return file;
    }

    private byte[]? Unseal(ReadOnlySpan<byte> file)
    {
        var reader = new WireReader(file);
        bool isKnown = reader.Fixed(Magic.Length).SequenceEqual(Magic);
        ReadOnlySpan<byte> encoded = reader.Opaque24(VaultHeader.EncodedSizeMax);
        ReadOnlySpan<byte> nonce = reader.Fixed(AesGcmCipher.NonceSize);
        ReadOnlySpan<byte> body = reader.Failed ? default : reader.Rest();
        if (!isKnown || body.Length < AesGcmCipher.TagSize
            || VaultHeader.TryDecode(encoded, folder.Vault, out VaultHeader? header) != HeaderStatus.Good)
        {
            return null;
        }

        using VaultKeyring? keys = unlocker.Unlock(header!);
        if (keys is null)
        {
            return null;
        }

        byte[] content = new byte[body.Length - AesGcmCipher.TagSize];
        using SecretBytes key = keys.Derive(keys.Epoch, VaultPurpose.Copy);
        using AesGcmCipher cipher = new(key.Span);
        byte[] head = file[..^(nonce.Length + body.Length)].ToArray();
        return cipher.TryOpen(nonce, body, DataOf(head), content) ? content : null;
    }

    private byte[] DataOf(byte[] head) => [.. folder.Vault.ToArray(), .. head];
}
