using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Vault.Transactions;

/// <summary>An entry as the control log ordered it.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">Its number among the writer's, from 1.</param>
/// <param name="Timestamp">The block's time in UTC ticks.</param>
/// <param name="Content">What the writer sealed.</param>
/// <standard>docs/formats/vault-commands.md, which defines the chain.</standard>
public sealed record LogEntry(
    ulong Index, NodeId Writer, ulong Sequence, long Timestamp, ReadOnlyMemory<byte> Content)
{
    /// <summary>The largest content: 65,492 bytes.</summary>
    public const int ContentSizeMax = 65_492;

    private const int LinkSize = 121;
    private const byte LinkPrefix = 2;
    private const byte StartPrefix = 3;

    /// <summary>The head of a vault's chain before its first entry.</summary>
    /// <param name="vault">The vault.</param>
    public static Digest StartOf(Digest vault) =>
        Digest.Sha256(new WireWriter(40).U8(StartPrefix).Digest(vault).Written);

    /// <summary>The head of the chain after this entry.</summary>
    /// <param name="before">The head before it.</param>
    public Digest HeadAfter(Digest before)
    {
        Span<byte> link = stackalloc byte[LinkSize];
        link[0] = LinkPrefix;
        before.CopyTo(link[1..]);
        Digest.Sha256(Content.Span).CopyTo(link[33..]);
        Writer.Value.CopyTo(link[65..]);
        BinaryPrimitives.WriteUInt64BigEndian(link[97..], Index);
        BinaryPrimitives.WriteUInt64BigEndian(link[105..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(link[113..], Timestamp);
        return Digest.Sha256(link);
    }
}
