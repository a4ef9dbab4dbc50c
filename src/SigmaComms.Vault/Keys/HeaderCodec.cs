using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Vault.Keys;

/// <summary>The bytes of a header up to its proofs.</summary>
internal static class HeaderCodec
{
    private const int SealOverhead = VaultHeader.NonceSize + Aes256Gcm.TagSize;
    private const int PreviousKeysSizeMax = SealOverhead + ((VaultKeyring.EpochsMax - 1) * VaultKey.SizeBytes);

    /// <summary>What is authenticated with the keys of former epochs.</summary>
    public static byte[] PreviousKeysData(Digest vault, int epoch) =>
        new WireWriter(96).Fixed(VaultHeader.PreviousKeysLabel).Digest(vault).U32((uint)epoch).ToArray();

    /// <summary>What shows that whoever wrote a header held the vault key.</summary>
    public static void WriteTag(Digest vault, VaultKey key, ReadOnlySpan<byte> tagged, Span<byte> tag)
    {
        // The seal of former keys takes the first half of the purpose's key, the tag the second.
        Span<byte> both = stackalloc byte[64];
        try
        {
            key.Derive(vault, VaultPurpose.Header, both);
            HMACSHA256.HashData(both[32..], tagged, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(both);
        }
    }

    /// <summary>Writes all that the tag covers.</summary>
    public static void Write(WireWriter writer, HeaderParts parts, ReadOnlySpan<byte> previousKeys)
    {
        writer.Fixed(VaultHeader.Magic).U8(VaultHeader.FormatVersion).Digest(parts.Salt).Fixed(parts.OwnerKey)
            .U64(parts.Generation).U32((uint)parts.Epoch)
            .U8((byte)parts.Shape.DataFragments).U8((byte)parts.Shape.ParityFragments)
            .U32((uint)parts.Shape.StripeSizeBytes)
            .Opaque16(previousKeys).U8(parts.NextSlot).U8((byte)parts.Slots.Count);
        foreach (KeySlot slot in parts.Slots)
        {
            slot.WriteTo(writer);
        }
    }

    /// <summary>Reads a header; says nothing of its proofs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Read? read)
    {
        read = null;
        var reader = new WireReader(encoded);
        bool known = reader.Fixed(8).SequenceEqual(VaultHeader.Magic) && reader.U8() == VaultHeader.FormatVersion;
        if (!known || encoded.Length > VaultHeader.EncodedSizeMax)
        {
            return false;
        }

        Digest salt = reader.Digest();
        byte[] ownerKey = reader.Fixed(MlDsa65.PublicKeySize).ToArray();
        ulong generation = reader.U64();
        uint epoch = reader.U32();
        (int data, int parity, uint stripeSize) = (reader.U8(), reader.U8(), reader.U32());
        byte[] previousKeys = reader.Opaque16(PreviousKeysSizeMax).ToArray();
        byte nextSlot = reader.U8();
        List<KeySlot>? slots = ReadSlots(ref reader, nextSlot);
        int taggedSize = encoded.Length - reader.Remaining;
        reader.Fixed(VaultHeader.TagSize + MlDsa65.SignatureSize);
        bool sizesFit = epoch is >= 1 and <= VaultKeyring.EpochsMax && stripeSize <= int.MaxValue
            && previousKeys.Length == (epoch == 1 ? 0 : SealOverhead + (((int)epoch - 1) * VaultKey.SizeBytes));
        if (!reader.AtEnd || slots is null || generation == 0 || !sizesFit)
        {
            return false;
        }

        VaultShape shape = new(data, parity, (int)stripeSize);
        HeaderParts parts = new(salt, ownerKey, generation, (int)epoch, shape, slots) { NextSlot = nextSlot };
        read = new Read(parts, previousKeys, taggedSize);
        return shape.IsValid;
    }

    private static List<KeySlot>? ReadSlots(ref WireReader reader, byte nextSlot)
    {
        int count = reader.U8();
        List<KeySlot> slots = [];
        int last = 0;
        for (int i = 0; i < count && count <= VaultHeader.SlotsMax; i++)
        {
            if (!KeySlot.TryRead(ref reader, out KeySlot? slot) || slot.Id <= last || slot.Id >= nextSlot)
            {
                return null;
            }

            last = slot.Id;
            slots.Add(slot);
        }

        return count is >= 1 and <= VaultHeader.SlotsMax ? slots : null;
    }

    /// <summary>A header that was read.</summary>
    internal sealed record Read(HeaderParts Parts, byte[] PreviousKeys, int TaggedSize);
}
