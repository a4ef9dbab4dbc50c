using SigmaComms.Consensus;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>What the bytes of a block are, as computed from them.</summary>
/// <param name="Height">The height in its header.</param>
/// <param name="Digest">The hash of its header, which binds its body.</param>
internal readonly record struct BlockIdentity(Height Height, Digest Digest)
{
    /// <summary>Computes what bytes are; for <see cref="BlockStore.Open"/>.</summary>
    /// <param name="bytes">A header and a body, untrusted.</param>
    /// <returns>Null if they are not one block in its one form.</returns>
    public static BlockIdentity? Of(ReadOnlyMemory<byte> bytes)
    {
        WireReader reader = new(bytes.Span);
        return Block.TryRead(ref reader, bytes, out Block? block) && reader.AtEnd
            ? new BlockIdentity(block.Header.Height, block.Digest)
            : null;
    }
}
