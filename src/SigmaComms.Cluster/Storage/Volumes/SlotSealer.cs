using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// Seals the headers of a volume's slots: without the key they look like the random bytes of free room, and with it
/// they open only at their own place.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <standard>docs/formats/vault-volume.md; AES-256-GCM of NIST SP 800-38D with random nonces.</standard>
internal sealed class SlotSealer(Digest volume, AesGcmCipher cipher, IRandomSource random) : IDisposable
{
    private const int LabelNonceAt = VolumeLayout.HeadSize;
    private const int LabelAt = LabelNonceAt + VolumeLayout.NonceSize;

    private readonly Lock _gate = new();

    /// <summary>Writes the header before the content, and random bytes into all other room of the slot.</summary>
    /// <param name="offset">Where the slot is in its volume.</param>
    /// <param name="header">What to write.</param>
    /// <param name="slot">The whole slot, with the content at its place, or only what is before the content.</param>
    public void Seal(long offset, SlotHeader header, Span<byte> slot)
    {
        int contentAt = VolumeLayout.ContentOffset(header.Label.Length);
        Span<byte> head = stackalloc byte[VolumeLayout.HeadContentSize];
        header.WriteHead(head);
        lock (_gate)
        {
            random.Fill(slot[..contentAt]);
            if (slot.Length > contentAt)
            {
                random.Fill(slot[(contentAt + header.ContentLength)..]);
            }

            cipher.Seal(
                slot[..VolumeLayout.NonceSize], head, HeadData(offset),
                slot[VolumeLayout.NonceSize..VolumeLayout.HeadSize]);
            cipher.Seal(
                slot[LabelNonceAt..LabelAt], header.Label.Span, LabelData(offset, header.Sequence),
                slot.Slice(LabelAt, header.Label.Length + VolumeLayout.TagSize));
        }
    }

    /// <summary>Reads the head of what may be a slot.</summary>
    /// <param name="offset">Where it is in its volume.</param>
    /// <param name="bytes">At least the head; of the disk.</param>
    /// <returns>The header without its label; null if no slot begins there.</returns>
    public SlotHeader? TryOpenHead(long offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[VolumeLayout.HeadContentSize];
        lock (_gate)
        {
            return cipher.TryOpen(
                bytes[..VolumeLayout.NonceSize], bytes[VolumeLayout.NonceSize..VolumeLayout.HeadSize],
                HeadData(offset), head)
                ? SlotHeader.ReadHead(head)
                : null;
        }
    }

    /// <summary>Reads the header of a slot.</summary>
    /// <param name="offset">Where it is in its volume.</param>
    /// <param name="bytes">All before the content at least; of the disk.</param>
    /// <returns>Null if it is damaged, or not one of this place.</returns>
    public SlotHeader? TryOpen(long offset, ReadOnlySpan<byte> bytes)
    {
        if (TryOpenHead(offset, bytes) is not { } header
            || bytes.Length < VolumeLayout.ContentOffset(header.Label.Length))
        {
            return null;
        }

        byte[] label = new byte[header.Label.Length];
        lock (_gate)
        {
            return cipher.TryOpen(
                bytes[LabelNonceAt..LabelAt], bytes.Slice(LabelAt, label.Length + VolumeLayout.TagSize),
                LabelData(offset, header.Sequence), label)
                ? header with { Label = label }
                : null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => cipher.Dispose();

    private byte[] HeadData(long offset)
    {
        ReadOnlySpan<byte> name = "sigma volume slot 1"u8;
        byte[] data = new byte[name.Length + Digest.SizeBytes + sizeof(long)];
        name.CopyTo(data);
        volume.CopyTo(data.AsSpan(name.Length));
        BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(name.Length + Digest.SizeBytes), offset);
        return data;
    }

    private byte[] LabelData(long offset, long sequence)
    {
        byte[] head = HeadData(offset);
        byte[] data = new byte[head.Length + sizeof(long)];
        head.CopyTo(data, 0);
        BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(head.Length), sequence);
        return data;
    }
}
