using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Vault.Transactions;

/// <summary>
/// An entry that only those with the vault's keys can read: in clear what nodes need to reclaim stripes, and how far
/// its writer had followed the log; the rest sealed with a key of its own. Byte table: docs/formats/vault-log.md.
/// </summary>
/// <param name="Kind">Batch, mark or snapshot.</param>
/// <param name="Epoch">Of the vault key it is sealed with.</param>
/// <param name="Seen">What its writer had applied.</param>
/// <param name="Added">New stripes it refers to.</param>
/// <param name="Dropped">Stripes that nothing referred to at what its writer had applied.</param>
internal sealed record SealedBatch(
    EntryKind Kind, int Epoch, LogPosition Seen, IReadOnlyList<StripeId> Added, IReadOnlyList<StripeId> Dropped)
{
    /// <summary>The most stripes an entry adds: 1,024.</summary>
    public const int AddedMax = 1_024;

    /// <summary>The most stripes an entry drops: 256.</summary>
    public const int DroppedMax = 256;

    private const byte FormatVersion = 1;
    private const int SaltSize = 16;
    private const int TagSize = Aes256Gcm.TagSize;

    private static ReadOnlySpan<byte> Label => "sigma vault 1 entry"u8;

    /// <summary>How large an entry is.</summary>
    public static int SizeOf(int added, int dropped, int bodySize) =>
        2 + 4 + 8 + Digest.SizeBytes + SaltSize + 2 + 2 + ((added + dropped) * StripeId.SizeBytes) + 3
        + PaddedSizeOf(bodySize) + TagSize;

    /// <summary>Seals an entry.</summary>
    /// <param name="place">Vault, writer and number; it opens at no other.</param>
    /// <param name="key">The namespace key of the epoch.</param>
    /// <param name="salt">16 fresh random bytes.</param>
    /// <param name="body">What to seal.</param>
    public byte[] Seal(EntryPlace place, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> body)
    {
        Invariant.Holds(Added.Count <= AddedMax && Dropped.Count <= DroppedMax && salt.Length == SaltSize);
        WireWriter writer = new(256 + body.Length);
        writer.U8((byte)Kind).U8(FormatVersion).U32((uint)Epoch).U64(Seen.Count).Digest(Seen.Head).Fixed(salt);
        WriteIds(writer, Added);
        WriteIds(writer, Dropped);
        byte[] padded = new byte[PaddedSizeOf(body.Length)];
        new WireWriter(3).U24(body.Length).Written.CopyTo(padded);
        body.CopyTo(padded.AsSpan(3));
        byte[] sealedBody = new byte[padded.Length + TagSize];
        Span<byte> entryKey = stackalloc byte[Aes256Gcm.KeySize];
        try
        {
            DeriveKey(place, key, salt, entryKey);
            Aes256Gcm.Seal(
                entryKey, stackalloc byte[Aes256Gcm.NonceSize], padded, DataOf(place, writer.Written), sealedBody);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entryKey);
            CryptographicOperations.ZeroMemory(padded);
        }

        return writer.Opaque24(sealedBody).ToArray();
    }

    /// <summary>Reads what is in clear.</summary>
    /// <param name="content">Untrusted bytes.</param>
    /// <param name="batch">The entry, or null.</param>
    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out SealedBatch? batch)
    {
        var reader = new WireReader(content);
        batch = ReadClear(ref reader);
        reader.Opaque24(LogEntry.ContentSizeMax);
        batch = reader.AtEnd ? batch : null;
        return batch is not null;
    }

    /// <summary>Opens what is sealed.</summary>
    /// <param name="content">The entry's bytes.</param>
    /// <param name="place">Where the log has it.</param>
    /// <param name="key">The namespace key of its epoch.</param>
    /// <param name="body">What was sealed, or null.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> content, EntryPlace place, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? body)
    {
        body = null;
        var reader = new WireReader(content);
        ReadClear(ref reader);
        ReadOnlySpan<byte> clear = content[..(content.Length - reader.Remaining)];
        ReadOnlySpan<byte> sealedBody = reader.Opaque24(LogEntry.ContentSizeMax);
        if (!reader.AtEnd || sealedBody.Length < TagSize + 3)
        {
            return false;
        }

        ReadOnlySpan<byte> salt = clear.Slice(2 + 4 + 8 + Digest.SizeBytes, SaltSize);
        byte[] padded = new byte[sealedBody.Length - TagSize];
        Span<byte> entryKey = stackalloc byte[Aes256Gcm.KeySize];
        try
        {
            DeriveKey(place, key, salt, entryKey);
            Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
            if (!Aes256Gcm.TryOpen(entryKey, nonce, sealedBody, DataOf(place, clear), padded))
            {
                return false;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entryKey);
        }

        int size = (padded[0] << 16) | (padded[1] << 8) | padded[2];
        bool canonical = size <= padded.Length - 3 && PaddedSizeOf(size) == padded.Length
            && !padded.AsSpan(3 + size).ContainsAnyExcept((byte)0);
        body = canonical ? padded[3..(3 + size)] : [];
        return true;
    }

    private static int PaddedSizeOf(int bodySize) => (int)Padme.Bucket(Math.Max(64, bodySize + 3));

    private static SealedBatch? ReadClear(ref WireReader reader)
    {
        var kind = (EntryKind)reader.U8();
        bool known = kind is EntryKind.Batch or EntryKind.Mark or EntryKind.Snapshot && reader.U8() == FormatVersion;
        uint epoch = reader.U32();
        LogPosition seen = new(reader.U64(), reader.Digest());
        reader.Fixed(SaltSize);
        List<StripeId> added = ReadIds(ref reader, AddedMax);
        List<StripeId> dropped = ReadIds(ref reader, DroppedMax);
        if (!known || epoch is 0 or > Keys.VaultKeyring.EpochsMax)
        {
            reader.Fail();
        }

        return reader.Failed ? null : new SealedBatch(kind, (int)epoch, seen, added, dropped);
    }

    private static List<StripeId> ReadIds(ref WireReader reader, int countMax)
    {
        int count = reader.U16();
        List<StripeId> ids = [];
        if (count > countMax)
        {
            reader.Fail();
        }

        for (int i = 0; i < count && !reader.Failed; i++)
        {
            ReadOnlySpan<byte> bytes = reader.Fixed(StripeId.SizeBytes);
            if (!reader.Failed)
            {
                ids.Add(new StripeId(bytes));
            }
        }

        return ids;
    }

    private static void WriteIds(WireWriter writer, IReadOnlyList<StripeId> ids)
    {
        writer.U16((ushort)ids.Count);
        Span<byte> bytes = stackalloc byte[StripeId.SizeBytes];
        foreach (StripeId id in ids)
        {
            id.CopyTo(bytes);
            writer.Fixed(bytes);
        }
    }

    private static byte[] DataOf(EntryPlace place, ReadOnlySpan<byte> clear) =>
        new WireWriter(128 + clear.Length).Fixed(Label).Digest(place.Vault).Digest(place.Writer.Value)
            .U64(place.Sequence).Fixed(clear).ToArray();

    // A key of its own for every entry: a writer that lost its memory may use a number twice, a random salt never.
    private static void DeriveKey(EntryPlace place, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, Span<byte> made)
    {
        ReadOnlySpan<byte> input = new WireWriter(128).Fixed(Label).Digest(place.Vault).Digest(place.Writer.Value)
            .U64(place.Sequence).Fixed(salt).Written;
        HMACSHA256.HashData(key, input, made);
    }
}
