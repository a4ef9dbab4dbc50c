using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SigmaComms.Cluster.Control.WriteAhead;
using SigmaComms.Consensus;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Guards;

/// <summary>The bytes of a slot: one sector that ends with its SHA-256; docs/formats/control-log-guard.md.</summary>
internal static class GuardSlot
{
    /// <summary>Bytes of a slot: one sector.</summary>
    public const int SizeBytes = WalFormat.SectorSize;

    private const int HashedSize = SizeBytes - Digest.SizeBytes;
    private const int MarkSize = 4 + Digest.SizeBytes;
    private const int MarkOffset = HashedSize - MarkSize;

    private static ReadOnlySpan<byte> Magic => "SigmaVG1"u8;

    /// <summary>Where the memory of a sequence number is written: the two slots take turns.</summary>
    public static int OffsetOf(ulong sequence) => (int)(sequence % 2) * SizeBytes;

    /// <summary>Where the copy of a turn is written that belongs to the memory of a sequence number.</summary>
    public static int OffsetOfCopy(ulong sequence) => (2 * SizeBytes) + ((int)(sequence % 2) * TurnCopy.SizeMax);

    /// <summary>Encodes a memory.</summary>
    public static byte[] Encode(GuardMemory memory)
    {
        WireWriter writer = new(SizeBytes);
        writer.Fixed(Magic).U64(memory.Sequence).Digest(memory.Cluster).U64(memory.Epoch.Value)
            .U32(memory.Incarnation).Flag(memory.HasRenounced).U64(memory.Floor.Value)
            .U64(memory.LogSynced.Sequence).U64(memory.LogSynced.Record).Digest(memory.LogSynced.Chain)
            .U8((byte)memory.Views.Count);
        foreach (ViewVotes votes in memory.Views)
        {
            votes.Write(writer);
        }

        Invariant.Holds(writer.Length <= MarkOffset);
        writer.Fixed(new byte[MarkOffset - writer.Length]).U32((uint)memory.Copy.SizeBytes).Digest(memory.Copy.Hash);
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        SHA256.HashData(writer.Written, hash);
        return writer.Fixed(hash).ToArray();
    }

    /// <summary>Reads what was encoded.</summary>
    /// <param name="slot">The slot's bytes.</param>
    /// <param name="offset">Where the slot stands.</param>
    /// <param name="memory">The memory, or null.</param>
    /// <returns>False if it is torn, damaged or of the other slot.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> slot, int offset, [NotNullWhen(true)] out GuardMemory? memory)
    {
        memory = null;
        if (slot.Length != SizeBytes || Digest.Sha256(slot[..HashedSize]) != new Digest(slot[HashedSize..]))
        {
            return false;
        }

        WireReader marks = new(slot[MarkOffset..HashedSize]);
        uint copySize = Math.Min(marks.U32(), int.MaxValue);
        CopyMark copy = new((int)copySize, marks.Digest());
        WireReader reader = new(slot[..MarkOffset]);
        if (!reader.Fixed(Magic.Length).SequenceEqual(Magic))
        {
            return false;
        }

        ulong sequence = reader.U64();
        Digest cluster = reader.Digest();
        Epoch epoch = new(reader.U64());
        uint incarnation = reader.U32();
        bool hasRenounced = reader.Flag();
        View floor = new(reader.U64());
        WalPosition synced = new(reader.U64(), reader.U64(), reader.Digest());
        int count = reader.U8();
        if (count > GuardMemory.ViewsMax)
        {
            return false;
        }

        ViewVotes[] views = new ViewVotes[count];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = ViewVotes.Read(ref reader);
            if (views[i].View <= (i == 0 ? floor : views[i - 1].View))
            {
                reader.Fail();
            }
        }

        bool isGood = reader.Rest().IndexOfAnyExcept((byte)0) < 0 && !reader.Failed && OffsetOf(sequence) == offset
            && copySize <= TurnCopy.SizeMax && (copySize > 0 || copy == default);
        memory = isGood
            ? new GuardMemory(sequence, cluster, epoch, incarnation, hasRenounced, floor, synced, views)
            {
                Copy = copy,
            }
            : null;
        return isGood;
    }
}
