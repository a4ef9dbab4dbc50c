using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>The parts of the directory's root. A client keeps the last one it verified.</summary>
/// <param name="Map">The root of the map from names to newest records.</param>
/// <param name="HistoryCount">The updates that the directory has had.</param>
/// <param name="History">The root of the tree over them.</param>
public readonly record struct DirectoryOpening(Digest Map, ulong HistoryCount, Digest History)
{
    /// <summary>The root that these parts give.</summary>
    public Digest Root => Digest.Sha256(
        new WireWriter(128).Opaque8(Label).Digest(Map).U64(HistoryCount).Digest(History).Written);

    private static ReadOnlySpan<byte> Label => "SigmaComms key directory v1"u8;

    /// <summary>Whether nothing that stood in the history of an older state was changed or left out.</summary>
    /// <param name="older">The older parts, verified before.</param>
    /// <param name="proof">From <see cref="DirectoryIndex.ProveConsistency"/> of the newer state.</param>
    public bool Continues(DirectoryOpening older, ConsistencyProof proof) =>
        proof.OlderCount == older.HistoryCount && proof.NewerCount == HistoryCount
        && proof.Verify(older.History, History);

    /// <summary>Writes the parts, 72 bytes.</summary>
    /// <param name="writer">Receives them.</param>
    public void WriteTo(WireWriter writer) => writer.Digest(Map).U64(HistoryCount).Digest(History);

    /// <summary>Reads the parts; the reader fails if they are cut.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    public static DirectoryOpening Read(ref WireReader reader) =>
        new(reader.Digest(), reader.U64(), reader.Digest());
}
