using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Client.Identity;

/// <summary>The open part of a key store: how the key is made from the passphrase. docs/formats/key-store.md.</summary>
/// <param name="Cost">What one guess costs.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Nonce">12 random bytes.</param>
/// <param name="BodySize">Size of the sealed body in bytes.</param>
internal sealed record KeyStoreHeader(Argon2Cost Cost, byte[] Salt, byte[] Nonce, int BodySize)
{
    /// <summary>Size of the whole header.</summary>
    public const int SizeBytes = DescriptionSize + CheckSize + DigestSize;

    /// <summary>Largest body.</summary>
    public const int BodySizeMax = 4_096;

    /// <summary>Most memory that a file may ask for.</summary>
    public const int MemoryMiBMax = 1_024;

    /// <summary>Most work that a file may ask for: mebibytes times passes, some seconds.</summary>
    public const int WorkMax = 4_096;

    private const int DescriptionSize = 46;
    private const int CheckSize = 16;
    private const int DigestSize = 8;
    private const byte Version = 1;
    private const byte Argon2 = 1;

    private static ReadOnlySpan<byte> Magic => "SigmaKey"u8;

    /// <summary>Whether a file may ask for so much.</summary>
    public static bool IsAllowed(Argon2Cost cost) =>
        cost.IsValid && cost.MemoryMiB <= MemoryMiBMax && (long)cost.MemoryMiB * cost.Passes <= WorkMax;

    /// <summary>
    /// Reads a header without knowing the passphrase. Accidental changes show here; deliberate ones when the check
    /// value or the body is opened.
    /// </summary>
    public static KeyStoreHeader? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.Length < SizeBytes
            || !Digest(file).SequenceEqual(file.Slice(DescriptionSize + CheckSize, DigestSize)))
        {
            return null;
        }

        WireReader reader = new(file[..DescriptionSize]);
        bool isKnown = reader.Fixed(Magic.Length).SequenceEqual(Magic);
        isKnown &= reader.U8() == Version;
        isKnown &= reader.U8() == Argon2;
        Argon2Cost cost = new(reader.U16(), reader.U16());
        byte[] salt = reader.Fixed(Argon2id.SaltSize).ToArray();
        byte[] nonce = reader.Fixed(Aes256Gcm.NonceSize).ToArray();
        uint bodySize = reader.U32();
        return reader.AtEnd && isKnown && IsAllowed(cost) && bodySize <= BodySizeMax
            && file.Length == SizeBytes + bodySize
            ? new KeyStoreHeader(cost, salt, nonce, (int)bodySize)
            : null;
    }

    /// <summary>The header's bytes, with the check value under the key.</summary>
    public byte[] Write(ReadOnlySpan<byte> checkKey)
    {
        byte[] header = new byte[SizeBytes];
        var writer = new WireWriter(DescriptionSize);
        writer.Fixed(Magic).U8(Version).U8(Argon2).U16((ushort)Cost.MemoryMiB).U16((ushort)Cost.Passes)
            .Fixed(Salt).Fixed(Nonce).U32((uint)BodySize);
        Invariant.Holds(writer.Length == DescriptionSize);
        writer.Written.CopyTo(header);
        Check(header, checkKey).CopyTo(header, DescriptionSize);
        Digest(header).CopyTo(header.AsSpan(DescriptionSize + CheckSize));
        return header;
    }

    /// <summary>Whether the key is the one the header was written with.</summary>
    public static bool IsRightKey(ReadOnlySpan<byte> header, ReadOnlySpan<byte> checkKey) =>
        CryptographicOperations.FixedTimeEquals(Check(header, checkKey), header.Slice(DescriptionSize, CheckSize));

    private static byte[] Check(ReadOnlySpan<byte> header, ReadOnlySpan<byte> checkKey) =>
        HMACSHA256.HashData(checkKey, header[..DescriptionSize])[..CheckSize];

    private static ReadOnlySpan<byte> Digest(ReadOnlySpan<byte> header) =>
        SHA256.HashData(header[..(DescriptionSize + CheckSize)]).AsSpan(0, DigestSize);
}
