using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>An entry of the directory's history. Byte table: docs/formats/key-directory.md.</summary>
/// <param name="Name">The name.</param>
/// <param name="Account">The account that the name belongs to.</param>
/// <param name="Version">The record's version.</param>
/// <param name="Record">The SHA-256 of the record.</param>
/// <param name="Height">The block that published it.</param>
/// <param name="Map">The root of the map from names to newest records after it.</param>
public sealed record DirectoryUpdate(
    string Name, NodeId Account, ulong Version, Digest Record, Height Height, Digest Map)
{
    /// <summary>The encoded update: the entry of the history's tree.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(192);
        WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Writes the update.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) => writer
        .Opaque8(Encoding.ASCII.GetBytes(Name))
        .Digest(Account.Value)
        .U64(Version)
        .Digest(Record)
        .U64(Height.Value)
        .Digest(Map);

    /// <summary>Reads an update; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="update">The update, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no update.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out DirectoryUpdate? update)
    {
        string name = Encoding.Latin1.GetString(reader.Opaque8(RecordClaim.NameLengthMax));
        DirectoryUpdate read = new(
            name,
            new NodeId(reader.Digest()),
            reader.U64(),
            reader.Digest(),
            new Height(reader.U64()),
            reader.Digest());
        if (!new RecordClaim(read.Name, read.Account, read.Version).IsWellFormed)
        {
            reader.Fail();
        }

        update = reader.Failed ? null : read;
        return update is not null;
    }
}
