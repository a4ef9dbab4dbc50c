using System.Buffers.Binary;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>What a slot says of itself, so that the index can be made again from the volumes alone.</summary>
/// <param name="Sequence">Number of the write; of two slots with one fragment the higher counts.</param>
/// <param name="StoredAt">When it was stored.</param>
/// <param name="ContentLength">Bytes of the fragment.</param>
/// <param name="Label">The fragment's encoded label.</param>
/// <standard>docs/formats/vault-volume.md.</standard>
internal sealed record SlotHeader(
    long Sequence, DateTimeOffset StoredAt, int ContentLength, ReadOnlyMemory<byte> Label)
{
    private const byte Version = 1;

    /// <summary>Bytes of the whole slot.</summary>
    public int SlotSize => VolumeLayout.SlotSize(Label.Length, ContentLength);

    /// <summary>Writes what the head seals.</summary>
    public void WriteHead(Span<byte> head)
    {
        head.Clear();
        head[0] = Version;
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], checked((ushort)Label.Length));
        BinaryPrimitives.WriteInt32BigEndian(head[4..], ContentLength);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], StoredAt.UtcTicks);
    }

    /// <summary>Reads a head; the label is still zeros of the right number.</summary>
    /// <returns>Null if there is no such slot.</returns>
    public static SlotHeader? ReadHead(ReadOnlySpan<byte> head)
    {
        int labelSize = BinaryPrimitives.ReadUInt16BigEndian(head[2..]);
        int contentLength = BinaryPrimitives.ReadInt32BigEndian(head[4..]);
        long sequence = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
        long ticks = BinaryPrimitives.ReadInt64BigEndian(head[16..]);
        bool isValid = head[0] == Version
            && labelSize is > 0 and <= VolumeLayout.LabelSizeMax
            && contentLength is > 0 and <= SigmaComms.Vault.Scatter.FragmentLabel.LengthMax
            && sequence > 0
            && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        return isValid
            ? new SlotHeader(
                sequence, new DateTimeOffset(ticks, TimeSpan.Zero), contentLength, new byte[labelSize])
            : null;
    }
}
