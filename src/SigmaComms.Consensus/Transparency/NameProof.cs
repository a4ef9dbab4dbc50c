using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// A name's newest record, or that there is none, with what shows it. Byte table: docs/formats/log-answer.md.
/// </summary>
/// <param name="Proof">Shows it under the directory's root.</param>
/// <param name="Record">The record; empty if there is none.</param>
public sealed record NameProof(DirectoryProof Proof, ReadOnlyMemory<byte> Record)
{
    /// <summary>Whether the name has no record, as far as this is true.</summary>
    public bool IsAbsent => Proof.Update is null;

    /// <summary>Whether this holds for a name.</summary>
    /// <param name="name">The name asked for.</param>
    /// <param name="root">The trusted root of the directory.</param>
    public bool Verify(string name, Digest root) => IsAbsent
        ? Record.IsEmpty && Proof.VerifyAbsence(name, root)
        : Proof.VerifyPresence(name, Record.Span, root);

    internal void WriteTo(WireWriter writer)
    {
        Proof.WriteTo(writer);
        writer.Opaque24(Record.Span);
    }

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out NameProof? proof)
    {
        proof = null;
        if (!DirectoryProof.TryRead(ref reader, out DirectoryProof? shown))
        {
            return false;
        }

        byte[] record = reader.Opaque24(KeyDirectoryState.RecordSizeMax).ToArray();
        proof = reader.Failed ? null : new NameProof(shown, record);
        return proof is not null;
    }
}
