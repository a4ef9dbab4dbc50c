using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Cluster.Control.Blocks;

/// <summary>What a snapshot is: which state, and the hash of each of its chunks.</summary>
/// <param name="Block">The last block whose effects are in it.</param>
/// <param name="StateRoot">The root of that state; a header that is final names it.</param>
/// <param name="SizeBytes">Bytes of the snapshot, 1 byte to 2,000 MiB.</param>
/// <param name="Chunks">The hash of each chunk of 1 MiB; the last one may be shorter.</param>
/// <remarks>
/// The state root decides in the end: whoever restores a snapshot computes it anew. The chunks' hashes let a receiver
/// take chunks from any peer, and the id lets it ask several peers whether they mean the same snapshot before it loads
/// one: equal states make equal bytes.
/// </remarks>
internal sealed record SnapshotManifest(
    BlockIdentity Block, Digest StateRoot, long SizeBytes, IReadOnlyList<Digest> Chunks)
{
    /// <summary>Bytes of a chunk: 1 MiB.</summary>
    public const int ChunkSize = SnapshotChunks.SizeBytes;

    /// <summary>
    /// The most chunks of a snapshot: 2,000. The limits of the state machines and the sessions come to less, and so
    /// much still fits into one array to be restored from.
    /// </summary>
    public const int ChunksMax = 2_000;

    /// <summary>The most bytes of an encoded manifest.</summary>
    public const int EncodedSizeMax = 8 + 8 + (2 * Digest.SizeBytes) + 8 + 2 + (ChunksMax * Digest.SizeBytes);

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("SigmaSS1");
    private static readonly byte[] LeafLabel = Encoding.ASCII.GetBytes("SigmaComms snapshot chunk v1");
    private static readonly byte[] NodeLabel = Encoding.ASCII.GetBytes("SigmaComms snapshot node v1");
    private static readonly byte[] IdLabel = Encoding.ASCII.GetBytes("SigmaComms snapshot v1");

    /// <summary>
    /// Names the snapshot: binds its block, its state root, its size and, by a Merkle root, all chunks.
    /// </summary>
    public Digest ComputeId() => Digest.Sha256(
        new WireWriter(256).Opaque8(IdLabel).U64(Block.Height.Value).Digest(Block.Digest).Digest(StateRoot)
            .U64((ulong)SizeBytes).Digest(RootOf(0, Chunks.Count)).Written);

    /// <summary>Makes the manifest of a snapshot.</summary>
    /// <param name="block">The last block whose effects are in it.</param>
    /// <param name="stateRoot">The root of the state.</param>
    /// <param name="chunks">The chunks in their order; looked at one after the other.</param>
    /// <exception cref="ArgumentException">There are none or too many.</exception>
    public static SnapshotManifest Of(
        BlockIdentity block, Digest stateRoot, IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        List<Digest> hashes = [];
        long sizeBytes = 0;
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            hashes.Add(HashOf(hashes.Count, chunk.Span));
            sizeBytes += chunk.Length;
        }

        return hashes.Count is > 0 and <= ChunksMax
            ? new SnapshotManifest(block, stateRoot, sizeBytes, hashes)
            : throw new ArgumentException($"A snapshot has 1 to {ChunksMax} chunks.", nameof(chunks));
    }

    /// <summary>Bytes of a chunk.</summary>
    public int SizeOf(int index) => (int)Math.Min(ChunkSize, SizeBytes - ((long)index * ChunkSize));

    /// <summary>Whether bytes are the chunk of an index.</summary>
    public bool IsChunk(int index, ReadOnlySpan<byte> bytes) =>
        index >= 0 && index < Chunks.Count && bytes.Length == SizeOf(index) && HashOf(index, bytes) == Chunks[index];

    /// <summary>Encodes the manifest.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(EncodedSizeMax);
        writer.Fixed(Magic).U64(Block.Height.Value).Digest(Block.Digest).Digest(StateRoot).U64((ulong)SizeBytes)
            .U16((ushort)Chunks.Count);
        foreach (Digest chunk in Chunks)
        {
            writer.Digest(chunk);
        }

        return writer.ToArray();
    }

    /// <summary>Reads a manifest; untrusted bytes.</summary>
    /// <returns>False if they are not one in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SnapshotManifest? manifest)
    {
        manifest = null;
        WireReader reader = new(bytes);
        bool isMagic = reader.Fixed(Magic.Length).SequenceEqual(Magic);
        BlockIdentity block = new(new Height(reader.U64()), reader.Digest());
        Digest stateRoot = reader.Digest();
        ulong sizeBytes = reader.U64();
        int count = reader.U16();
        bool isSized = sizeBytes is > 0 and <= (ulong)ChunksMax * ChunkSize
            && count == (int)((sizeBytes + ChunkSize - 1) / ChunkSize)
            && reader.Remaining == count * Digest.SizeBytes;
        if (!isMagic || !isSized || reader.Failed)
        {
            return false;
        }

        var chunks = new Digest[count];
        for (int i = 0; i < count; i++)
        {
            chunks[i] = reader.Digest();
        }

        manifest = new SnapshotManifest(block, stateRoot, (long)sizeBytes, chunks);
        return reader.AtEnd;
    }

    private static Digest HashOf(int index, ReadOnlySpan<byte> chunk)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        using var state = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        state.AppendData(new WireWriter(64).Opaque8(LeafLabel).U32((uint)index).Written);
        state.AppendData(chunk);
        state.GetHashAndReset(hash);
        return new Digest(hash);
    }

    /// <summary>A binary tree: the left half has the largest power of two that is less than the count.</summary>
    private Digest RootOf(int first, int count)
    {
        if (count == 1)
        {
            return Chunks[first];
        }

        int left = 1;
        while (left * 2 < count)
        {
            left *= 2;
        }

        return Digest.Sha256(new WireWriter(128).Opaque8(NodeLabel)
            .Digest(RootOf(first, left)).Digest(RootOf(first + left, count - left)).Written);
    }
}
