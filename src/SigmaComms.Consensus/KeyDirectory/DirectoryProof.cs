using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>
/// Shows a name's newest record, or that it has none, under the directory's root: in the map, and the same update in
/// the history. Byte table: docs/formats/key-directory.md.
/// </summary>
public sealed class DirectoryProof
{
    /// <summary>Takes over the parts of a proof.</summary>
    /// <param name="opening">The parts of the directory's root.</param>
    /// <param name="map">What stands at the name in the map.</param>
    /// <param name="update">The newest update of the name, or null.</param>
    /// <param name="history">Where that stands in the history, or null.</param>
    public DirectoryProof(
        DirectoryOpening opening, MapProof map, DirectoryUpdate? update, InclusionProof? history)
    {
        Opening = opening;
        Map = map;
        Update = update;
        History = history;
    }

    /// <summary>The parts of the directory's root.</summary>
    public DirectoryOpening Opening { get; }

    /// <summary>What stands at the name in the map.</summary>
    public MapProof Map { get; }

    /// <summary>The newest update of the name; null if there is none.</summary>
    public DirectoryUpdate? Update { get; }

    /// <summary>Where the update stands in the history.</summary>
    public InclusionProof? History { get; }

    /// <summary>How many records the name has had.</summary>
    public uint Revisions { get; init; }

    /// <summary>Whether the name's newest record is that of <see cref="Update"/>.</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="record">The record received.</param>
    /// <param name="root">The trusted root of the directory.</param>
    public bool VerifyPresence(string name, ReadOnlySpan<byte> record, Digest root)
    {
        if (Opening.Root != root || Update is null || History is null
            || !string.Equals(Update.Name, name, StringComparison.Ordinal)
            || Update.Record != Digest.Sha256(record)
            || History.Count != Opening.HistoryCount)
        {
            return false;
        }

        DirectoryEntry entry = new(
            Update.Name, Update.Account, Update.Version, Update.Record, Revisions, History.Index);
        return Map.VerifyPresence(DirectoryEntry.KeyOf(name), entry.ComputeDigest(), Opening.Map)
            && History.Verify(Update.Encode(), Opening.History);
    }

    /// <summary>Whether the name has no record.</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="root">The trusted root of the directory.</param>
    public bool VerifyAbsence(string name, Digest root) =>
        Opening.Root == root && Update is null && Map.VerifyAbsence(DirectoryEntry.KeyOf(name), Opening.Map);

    /// <summary>Writes the proof.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Opening.WriteTo(writer);
        Map.WriteTo(writer);
        writer.Flag(Update is not null);
        if (Update is not null && History is not null)
        {
            Update.WriteTo(writer);
            writer.U32(Revisions);
            History.WriteTo(writer);
        }
    }

    /// <summary>Reads a proof; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no proof.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out DirectoryProof? proof)
    {
        proof = null;
        DirectoryOpening opening = DirectoryOpening.Read(ref reader);
        if (!MapProof.TryRead(ref reader, out MapProof? map))
        {
            return false;
        }

        DirectoryUpdate? update = null;
        InclusionProof? history = null;
        uint revisions = 0;
        if (reader.Flag())
        {
            DirectoryUpdate.TryRead(ref reader, out update);
            revisions = reader.U32();
            InclusionProof.TryRead(ref reader, out history);
        }

        proof = reader.Failed ? null : new DirectoryProof(opening, map, update, history) { Revisions = revisions };
        return proof is not null;
    }
}
