using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Client.Identity;

/// <summary>The encrypted file that holds an account's secrets on its owner's machine.</summary>
/// <remarks>
/// Argon2id makes the key from the passphrase, AES-256-GCM seals the content and authenticates the header. Only the
/// owner may read the file. All members are safe to call from any thread; they wait for the disk and, on purpose, for
/// Argon2id.
/// </remarks>
public static class KeyStore
{
    /// <summary>Writes the secrets of a new account to a new file, durably.</summary>
    /// <param name="path">The file; its folder is made for its owner only if it is not there.</param>
    /// <param name="secrets">The secrets; still the caller's.</param>
    /// <param name="passphrase">1 byte or more, UTF-8; the caller zeroes it.</param>
    /// <param name="cost">What one guess of the passphrase costs; below the default only in tests.</param>
    /// <param name="random">Salt and nonce.</param>
    /// <exception cref="KeyStoreException">The file exists already, or cannot be written.</exception>
    public static void Create(
        string path, AccountSecrets secrets, ReadOnlySpan<byte> passphrase, Argon2Cost cost, IRandomSource random)
    {
        string file = Path.GetFullPath(path);
        RequireWritable(secrets, passphrase, cost, random);
        if (Path.Exists(file))
        {
            throw Exists(file, null);
        }

        byte[] content = Seal(secrets, passphrase, cost, random);
        Write(file, content, replace: false);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">The passphrase, UTF-8; the caller zeroes it.</param>
    /// <returns>The secrets; the caller disposes them.</returns>
    /// <exception cref="KeyStoreException">It is not there, open to others, damaged, or sealed otherwise.</exception>
    /// <exception cref="InsufficientMemoryException">The memory the passphrase check needs cannot be had.</exception>
    public static AccountSecrets Open(string path, ReadOnlySpan<byte> passphrase)
    {
        string file = Path.GetFullPath(path);
        byte[] content = Read(file);
        KeyStoreHeader header = KeyStoreHeader.TryRead(content)
            ?? throw Damaged(file, "it is cut off, changed, or no key store of this version");
        ReadOnlySpan<byte> head = content.AsSpan(0, KeyStoreHeader.SizeBytes);
        ReadOnlySpan<byte> body = content.AsSpan(KeyStoreHeader.SizeBytes);
        using var keys = new KeyStoreKeys(passphrase, header);
        if (!KeyStoreHeader.IsRightKey(head, keys.Check))
        {
            throw new KeyStoreException(
                KeyStoreFailure.WrongPassphrase,
                $"The password does not open the key store '{file}'. Nobody can open it without; try again.");
        }

        using var plaintext = new SecretBytes(Math.Max(0, body.Length - Aes256Gcm.TagSize));
        return Aes256Gcm.TryOpen(keys.Seal, header.Nonce, body, head, plaintext.Span)
            ? AccountSecrets.TryRead(plaintext.Span) ?? throw Damaged(file, "its content is not of this version")
            : throw Damaged(file, "the password is right, but the sealed content was changed");
    }

    /// <summary>Seals the same secrets with another passphrase; a crash leaves the old file or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">The present passphrase.</param>
    /// <param name="newPassphrase">The next one, 1 byte or more.</param>
    /// <param name="cost">What one guess of the next one costs.</param>
    /// <param name="random">Salt and nonce.</param>
    /// <exception cref="KeyStoreException">As <see cref="Open"/>; or it cannot be written.</exception>
    public static void ChangePassphrase(
        string path,
        ReadOnlySpan<byte> passphrase,
        ReadOnlySpan<byte> newPassphrase,
        Argon2Cost cost,
        IRandomSource random)
    {
        string file = Path.GetFullPath(path);
        using AccountSecrets secrets = Open(file, passphrase);
        RequireWritable(secrets, newPassphrase, cost, random);
        Write(file, Seal(secrets, newPassphrase, cost, random), replace: true);
    }

    private static void RequireWritable(
        AccountSecrets secrets, ReadOnlySpan<byte> passphrase, Argon2Cost cost, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(random);
        if (passphrase.IsEmpty)
        {
            throw new ArgumentException("A passphrase has at least one byte.", nameof(passphrase));
        }

        if (!KeyStoreHeader.IsAllowed(cost))
        {
            throw new ArgumentOutOfRangeException(nameof(cost), cost, "The cost is out of range.");
        }
    }

    private static byte[] Seal(
        AccountSecrets secrets, ReadOnlySpan<byte> passphrase, Argon2Cost cost, IRandomSource random)
    {
        byte[] salt = new byte[Argon2id.SaltSize];
        byte[] nonce = new byte[Aes256Gcm.NonceSize];
        random.Fill(salt);
        random.Fill(nonce);
        var plaintext = new WireWriter();
        try
        {
            secrets.Write(plaintext);
            var header = new KeyStoreHeader(cost, salt, nonce, plaintext.Length + Aes256Gcm.TagSize);
            using var keys = new KeyStoreKeys(passphrase, header);
            byte[] content = new byte[KeyStoreHeader.SizeBytes + header.BodySize];
            Span<byte> head = content.AsSpan(0, KeyStoreHeader.SizeBytes);
            header.Write(keys.Check).CopyTo(head);
            Aes256Gcm.Seal(
                keys.Seal, nonce, plaintext.Written, head, content.AsSpan(KeyStoreHeader.SizeBytes));
            return content;
        }
        finally
        {
            plaintext.Clear();
        }
    }

    private static byte[] Read(string file)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (OwnerOnlyFile.HowToClose(stream) is { } command)
            {
                throw new KeyStoreException(
                    KeyStoreFailure.WorldReadable,
                    $"Others than its owner may read or replace the key store '{file}'. Run: {command}. "
                    + "If strangers use this machine, make a new identity.");
            }

            if (stream.Length > KeyStoreHeader.SizeBytes + KeyStoreHeader.BodySizeMax)
            {
                throw Damaged(file, "it is too long for a key store");
            }

            byte[] content = new byte[(int)stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyStoreException(
                KeyStoreFailure.NotFound,
                $"There is no key store '{file}'. Make an identity first (sigma identity new NAME), or name the right "
                + "file.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException(
                KeyStoreFailure.Io, $"The key store '{file}' cannot be read: {e.Message}", e);
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> content, bool replace)
    {
        try
        {
            OwnerOnlyFile.MakeFolder(Path.GetDirectoryName(file)!);
            OwnerOnlyFile.Write(file, content, replace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw !replace && Path.Exists(file)
                ? Exists(file, e)
                : new KeyStoreException(
                    KeyStoreFailure.Io,
                    $"The key store '{file}' cannot be written: {e.Message} One that was there before is "
                    + "still whole. Give the user of this process room and the right to write the folder.",
                    e);
        }
    }

    private static KeyStoreException Exists(string file, Exception? inner) => new(
        KeyStoreFailure.AlreadyExists,
        $"There is a key store '{file}' already, and it was left alone. Choose another name or file; an old one is "
        + "removed only by hand, and what it alone can open is lost with it.",
        inner);

    private static KeyStoreException Damaged(string file, string why) => new(
        KeyStoreFailure.Damaged,
        $"The key store '{file}' is damaged: {why}. Restore it from a backup; without one, make a new identity.");
}
