using System.Text;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>What the directory's map holds of a name. Byte table: docs/formats/key-directory.md.</summary>
/// <param name="Name">The name.</param>
/// <param name="Account">The account that the name belongs to, for ever.</param>
/// <param name="Version">The newest record's version.</param>
/// <param name="Record">The SHA-256 of the newest record.</param>
/// <param name="Revisions">How many records the name has had.</param>
/// <param name="Index">The place of the newest one in the history.</param>
public sealed record DirectoryEntry(
    string Name, NodeId Account, ulong Version, Digest Record, uint Revisions, ulong Index) : IMerkleValue
{
    private static ReadOnlySpan<byte> Label => "SigmaComms directory entry v1"u8;

    private static ReadOnlySpan<byte> KeyLabel => "SigmaComms directory key v1"u8;

    /// <summary>A name's place in the map.</summary>
    /// <param name="name">The name.</param>
    public static Digest KeyOf(string name) =>
        Digest.Sha256(new WireWriter(96).Opaque8(KeyLabel).Opaque8(Encoding.ASCII.GetBytes(name)).Written);

    /// <inheritdoc/>
    public Digest ComputeDigest() => Digest.Sha256(new WireWriter(224)
        .Opaque8(Label)
        .Opaque8(Encoding.ASCII.GetBytes(Name))
        .Digest(Account.Value)
        .U64(Version)
        .Digest(Record)
        .U32(Revisions)
        .U64(Index)
        .Written);
}
