using System.Buffers;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>Reads fragments out of a volume and gives out nothing that is not what the label's root says.</summary>
internal static class SlotReader
{
    /// <summary>Reads a part of a fragment.</summary>
    /// <param name="file">The volume.</param>
    /// <param name="cache">Digests of fragments that were read before.</param>
    /// <param name="row">Where it is.</param>
    /// <param name="label">What it is.</param>
    /// <param name="offset">The first byte; the range lies inside.</param>
    /// <param name="destination">Filled if it is whole, else of no meaning.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public static SlotRead Read(
        VolumeFile file, DigestCache cache, FragmentRow row, FragmentLabel label, int offset, Span<byte> destination)
    {
        try
        {
            byte[]? digests = cache.Find(row.Place.Volume, row.Place.Offset, row.Sequence);
            return digests is null || destination.IsEmpty
                ? ReadAll(file, cache, row, label, offset, destination)
                : ReadPart(file, digests, row, label, offset, destination);
        }
        catch (IOException) when (file.IsReadable())
        {
            return SlotRead.Unreadable;
        }
    }

    private static SlotRead ReadAll(
        VolumeFile file, DigestCache cache, FragmentRow row, FragmentLabel label, int offset, Span<byte> destination)
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(row.Place.SizeBytes);
        try
        {
            Span<byte> slot = room.AsSpan(0, row.Place.SizeBytes);
            file.Read(row.Place.Offset, slot);
            return Check(file, cache, row, label, offset, slot, destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private static SlotRead Check(
        VolumeFile file,
        DigestCache cache,
        FragmentRow row,
        FragmentLabel label,
        int offset,
        ReadOnlySpan<byte> slot,
        Span<byte> destination)
    {
        ReadOnlySpan<byte> content = slot.Slice(VolumeLayout.ContentOffset(row.Label.Length), label.Length);
        byte[] digests = new byte[FragmentTree.BlockCount(content.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(content, digests);
        if (FragmentTree.Root(digests) != label.Root)
        {
            return SlotRead.Damaged;
        }

        cache.Add(row.Place.Volume, row.Place.Offset, row.Sequence, digests);
        content.Slice(offset, destination.Length).CopyTo(destination);
        return file.Sealer.TryOpen(row.Place.Offset, slot) is { } header
            && header.Sequence == row.Sequence
            && header.Label.Span.SequenceEqual(row.Label.Span)
            ? SlotRead.Whole
            : SlotRead.HeaderDamaged;
    }

    private static SlotRead ReadPart(
        VolumeFile file, byte[] digests, FragmentRow row, FragmentLabel label, int offset, Span<byte> destination)
    {
        int first = offset / FragmentTree.BlockSize;
        int start = first * FragmentTree.BlockSize;
        int last = (offset + destination.Length - 1) / FragmentTree.BlockSize;
        int end = Math.Min(label.Length, (last + 1) * FragmentTree.BlockSize);
        byte[] blocks = new byte[end - start];
        file.Read(row.Place.Offset + VolumeLayout.ContentOffset(row.Label.Length) + start, blocks);
        byte[] read = new byte[FragmentTree.BlockCount(blocks.Length) * Digest.SizeBytes];
        FragmentTree.HashBlocks(blocks, read);
        if (!read.AsSpan().SequenceEqual(digests.AsSpan(first * Digest.SizeBytes, read.Length)))
        {
            return SlotRead.Damaged;
        }

        blocks.AsSpan(offset - start, destination.Length).CopyTo(destination);
        return SlotRead.Whole;
    }
}
