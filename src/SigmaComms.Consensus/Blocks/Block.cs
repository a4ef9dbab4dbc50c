using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Blocks;

/// <summary>A header and the body that its root of commands names.</summary>
public sealed class Block
{
    private Block(BlockHeader header, CommandBody body, Digest digest)
    {
        Header = header;
        Body = body;
        Digest = digest;
    }

    /// <summary>What is agreed on.</summary>
    public BlockHeader Header { get; }

    /// <summary>The commands.</summary>
    public CommandBody Body { get; }

    /// <summary>The hash of the header; names the block.</summary>
    public Digest Digest { get; }

    /// <summary>Whether there are no commands.</summary>
    public bool IsEmpty => Body.Groups.Count == 0;

    /// <summary>Joins a header and its body.</summary>
    /// <param name="header">The header.</param>
    /// <param name="body">The body.</param>
    /// <param name="block">The block, or null.</param>
    /// <returns>False if the header names another body.</returns>
    public static bool TryJoin(BlockHeader header, CommandBody body, [NotNullWhen(true)] out Block? block)
    {
        bool ok = header.CommandsRoot == body.Root;
        block = ok ? new Block(header, body, header.ComputeDigest()) : null;
        return ok;
    }

    /// <summary>Writes header and body.</summary>
    /// <param name="writer">Receives them.</param>
    public void WriteTo(WireWriter writer)
    {
        Header.WriteTo(writer);
        writer.Opaque24(Body.Encoded.Span);
    }

    /// <summary>Reads header and body; the reader fails if they are not a block.</summary>
    /// <param name="reader">Untrusted bytes, somewhere inside the source.</param>
    /// <param name="source">All the bytes that the reader began with; the block keeps its part of them.</param>
    /// <param name="block">The block, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no block.</returns>
    public static bool TryRead(
        ref WireReader reader, ReadOnlyMemory<byte> source, [NotNullWhen(true)] out Block? block)
    {
        block = null;
        BlockHeader header = BlockHeader.Read(ref reader);
        int size = reader.Opaque24(CommandBody.EncodedSizeMax).Length;
        if (reader.Failed)
        {
            return false;
        }

        int end = source.Length - reader.Remaining;
        if (!CommandBody.TryDecode(source[(end - size)..end], out CommandBody? body)
            || !TryJoin(header, body, out block))
        {
            reader.Fail();
            return false;
        }

        return true;
    }
}
