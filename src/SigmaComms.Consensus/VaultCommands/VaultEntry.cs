using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>An entry of a vault, as the log ordered it.</summary>
/// <param name="Index">Its place in the vault, from 0.</param>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">Its number among the writer's entries, from 1.</param>
/// <param name="Timestamp">The block's time in UTC ticks.</param>
/// <param name="Content">What the writer sealed; opaque.</param>
public sealed record VaultEntry(
    ulong Index, NodeId Writer, ulong Sequence, long Timestamp, ReadOnlyMemory<byte> Content)
{
    private const int LinkSize = 1 + (3 * Digest.SizeBytes) + (3 * 8);
    private const byte LinkPrefix = 2;
    private const byte StartPrefix = 3;

    /// <summary>The head of the chain before this entry, so that a trim need not hash what it drops.</summary>
    internal Digest HeadBefore { get; init; }

    /// <summary>The head of a vault's chain before its first entry.</summary>
    /// <param name="vault">The vault.</param>
    public static Digest StartOf(Digest vault) =>
        Digest.Sha256(new WireWriter(40).U8(StartPrefix).Digest(vault).Written);

    /// <summary>The head of the chain after this entry: whoever knows it knows every entry and its place.</summary>
    /// <param name="before">The head before it.</param>
    public Digest HeadAfter(Digest before)
    {
        Span<byte> link = stackalloc byte[LinkSize];
        link[0] = LinkPrefix;
        before.CopyTo(link[1..]);
        Digest.Sha256(Content.Span).CopyTo(link[33..]);
        Writer.Value.CopyTo(link[65..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(link[97..], Index);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(link[105..], Sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(link[113..], Timestamp);
        return Digest.Sha256(link);
    }

    /// <summary>Writes the entry without its index, which its place says.</summary>
    internal void WriteTo(WireWriter writer) =>
        writer.Digest(Writer.Value).U64(Sequence).U64((ulong)Timestamp).Opaque24(Content.Span);

    /// <summary>Reads an entry; the reader fails if there is none.</summary>
    internal static VaultEntry Read(ref WireReader reader, ulong index)
    {
        NodeId writer = new(reader.Digest());
        ulong sequence = reader.U64();
        ulong timestamp = reader.U64();
        if (timestamp > long.MaxValue)
        {
            reader.Fail();
        }

        byte[] content = reader.Opaque24(VaultCommand.EntrySizeMax).ToArray();
        return new VaultEntry(index, writer, sequence, (long)(timestamp & long.MaxValue), content);
    }
}
