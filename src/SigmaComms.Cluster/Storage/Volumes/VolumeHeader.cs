using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>What a volume says of itself, in its first and in its last block.</summary>
/// <param name="Id">Random; drawn when the volume was made.</param>
/// <param name="Number">Its number.</param>
/// <param name="SizeBytes">Bytes of its file.</param>
/// <standard>docs/formats/vault-volume.md.</standard>
internal sealed record VolumeHeader(Digest Id, int Number, long SizeBytes)
{
    private const byte Version = 1;
    private const int ContentSize = 1 + 4 + 8;
    private const int SealedAt = Digest.SizeBytes + VolumeLayout.NonceSize;

    /// <summary>Writes a block that nobody without the key can tell from a random one.</summary>
    public void Write(AesGcmCipher cipher, IRandomSource random, Span<byte> block)
    {
        random.Fill(block);
        Id.CopyTo(block);
        Span<byte> content = stackalloc byte[ContentSize];
        content[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(content[1..], Number);
        BinaryPrimitives.WriteInt64BigEndian(content[5..], SizeBytes);
        cipher.Seal(
            block[Digest.SizeBytes..SealedAt], content, AssociatedData(Id),
            block.Slice(SealedAt, ContentSize + VolumeLayout.TagSize));
    }

    /// <summary>Reads a block of the disk.</summary>
    /// <returns>Null if it is no header of a volume of this node.</returns>
    public static VolumeHeader? Read(VolumeKey key, ReadOnlySpan<byte> block)
    {
        Digest id = new(block[..Digest.SizeBytes]);
        using AesGcmCipher cipher = key.CipherOf(id);
        Span<byte> content = stackalloc byte[ContentSize];
        if (!cipher.TryOpen(
                block[Digest.SizeBytes..SealedAt],
                block.Slice(SealedAt, ContentSize + VolumeLayout.TagSize), AssociatedData(id), content)
            || content[0] != Version)
        {
            return null;
        }

        return new VolumeHeader(
            id, BinaryPrimitives.ReadInt32BigEndian(content[1..]), BinaryPrimitives.ReadInt64BigEndian(content[5..]));
    }

    private static byte[] AssociatedData(Digest id) => [.. "sigma volume header 1"u8, .. id.ToArray()];
}
