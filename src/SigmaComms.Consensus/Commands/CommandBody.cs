using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Commands;

/// <summary>The groups of one block, as they travel. Byte table: docs/formats/commands.md.</summary>
public sealed class CommandBody
{
    /// <summary>The largest encoding: 524,288 bytes.</summary>
    public const int EncodedSizeMax = 512 * 1024;

    /// <summary>Bytes of a body without groups: 3.</summary>
    public const int OverheadSize = 1 + 2;

    /// <summary>Bytes a body adds to each group: 3.</summary>
    public const int GroupOverhead = 3;

    private const byte FormatVersion = 1;

    private CommandBody(IReadOnlyList<CommandGroup> groups, ReadOnlyMemory<byte> encoded)
    {
        Groups = groups;
        Encoded = encoded;
        CommandCount = groups.Sum(group => group.Commands.Count);
        Root = MerkleTree.Root([.. groups.Select(group => MerkleHash.Entry(group.Digest))]);
    }

    /// <summary>The body of a block that carries nothing.</summary>
    public static CommandBody Empty { get; } = new([], new WireWriter(OverheadSize).U8(FormatVersion).U16(0).ToArray());

    /// <summary>The groups in the order in which they are executed.</summary>
    public IReadOnlyList<CommandGroup> Groups { get; }

    /// <summary>The body as it travels.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Commands of all groups together, at most 1,000.</summary>
    public int CommandCount { get; }

    /// <summary>The commands root of a header: the tree over the digests of the groups.</summary>
    public Digest Root { get; }

    /// <summary>Joins groups to a body.</summary>
    /// <param name="groups">The groups.</param>
    /// <exception cref="ArgumentException">They are over the limits of a body.</exception>
    public static CommandBody Of(IReadOnlyList<CommandGroup> groups)
    {
        CommandBody body = Take(groups);
        return body.Groups.Count == groups.Count
            ? body
            : throw new ArgumentException("More than 1,000 commands or 512 KiB.", nameof(groups));
    }

    /// <summary>Joins as many first groups as fit into one body.</summary>
    /// <param name="waiting">The groups that wait, the most urgent first.</param>
    public static CommandBody Take(IEnumerable<CommandGroup> waiting)
    {
        List<CommandGroup> taken = [];
        int commands = 0;
        int sizeBytes = OverheadSize;
        foreach (CommandGroup group in waiting)
        {
            commands += group.Commands.Count;
            sizeBytes += group.Encoded.Length + GroupOverhead;
            if (commands > CommandGroup.CommandsMax || sizeBytes > EncodedSizeMax)
            {
                break;
            }

            taken.Add(group);
        }

        return taken.Count == 0 ? Empty : new CommandBody(taken, Encode(taken));
    }

    /// <summary>Decodes a body without verifying its signatures.</summary>
    /// <param name="encoded">Untrusted bytes; the groups keep them, they must not change.</param>
    /// <param name="body">The body, or null.</param>
    /// <returns>False unless the encoding is canonical and within the limits.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out CommandBody? body)
    {
        body = null;
        var reader = new WireReader(encoded.Span);
        bool known = reader.U8() == FormatVersion;
        int count = reader.U16();
        if (!known || reader.Failed || encoded.Length > EncodedSizeMax || count > CommandGroup.CommandsMax)
        {
            return false;
        }

        List<CommandGroup> groups = [];
        int commands = 0;
        for (int i = 0; i < count; i++)
        {
            int size = reader.Opaque24(CommandGroup.EncodedSizeMax).Length;
            int end = encoded.Length - reader.Remaining;
            if (reader.Failed || !CommandGroup.TryDecode(encoded[(end - size)..end], out CommandGroup? group))
            {
                return false;
            }

            groups.Add(group);
            commands += group.Commands.Count;
            if (commands > CommandGroup.CommandsMax)
            {
                return false;
            }
        }

        body = reader.AtEnd ? new CommandBody(groups, encoded) : null;
        return body is not null;
    }

    /// <summary>Shows that a group is in this body.</summary>
    /// <param name="index">Its place.</param>
    public InclusionProof ProveGroup(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Groups.Count);
        MountainRange range = MountainRange.Empty;
        foreach (CommandGroup group in Groups)
        {
            range = range.Append(group.Digest);
        }

        InclusionProof? proof = range.Prove((ulong)index);
        Invariant.Holds(proof is not null);
        return proof;
    }

    private static byte[] Encode(List<CommandGroup> groups)
    {
        WireWriter writer = new(OverheadSize + groups.Sum(group => group.Encoded.Length + GroupOverhead));
        writer.U8(FormatVersion).U16((ushort)groups.Count);
        foreach (CommandGroup group in groups)
        {
            writer.Opaque24(group.Encoded.Span);
        }

        return writer.ToArray();
    }
}
