using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>
/// What the state root binds of a vault: with a proof of it, a client knows that no entry is missing, changed or of
/// another branch. Byte table: docs/formats/vault-commands.md.
/// </summary>
/// <param name="Id">The vault.</param>
/// <param name="Owner">Who created it.</param>
/// <param name="Writers">The digest of who may append and how far each came.</param>
/// <param name="First">The index of the oldest entry that is kept.</param>
/// <param name="FirstHead">The hash chain before that.</param>
/// <param name="Count">The entries it has had.</param>
/// <param name="Head">The hash chain over all of them.</param>
public sealed record VaultSummary(
    Digest Id, NodeId Owner, Digest Writers, ulong First, Digest FirstHead, ulong Count, Digest Head)
{
    /// <summary>The most writers in an encoding; the limits of the machine are lower.</summary>
    private const int WritersEncodedMax = 65_535;

    private static ReadOnlySpan<byte> Label => "vault"u8;

    /// <summary>The value's digest in the map of vaults.</summary>
    public Digest ComputeDigest()
    {
        WireWriter writer = new(256);
        writer.Opaque8(Label);
        WriteTo(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes the summary, 176 bytes.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) => writer
        .Digest(Id).Digest(Owner.Value).Digest(Writers).U64(First).Digest(FirstHead).U64(Count).Digest(Head);

    /// <summary>Reads a summary; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="summary">The summary, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are cut.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out VaultSummary? summary)
    {
        VaultSummary read = new(
            reader.Digest(),
            new NodeId(reader.Digest()),
            reader.Digest(),
            reader.U64(),
            reader.Digest(),
            reader.U64(),
            reader.Digest());
        summary = reader.Failed ? null : read;
        return summary is not null;
    }

    /// <summary>The digest of who may append.</summary>
    internal static Digest DigestOfWriters(ImmutableSortedDictionary<NodeId, VaultWriter> writers)
    {
        WireWriter writer = new(16 + (writers.Count * 41));
        WriteWriters(writer, writers);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes who may append.</summary>
    internal static void WriteWriters(WireWriter writer, ImmutableSortedDictionary<NodeId, VaultWriter> writers)
    {
        writer.U16((ushort)writers.Count);
        foreach ((NodeId node, VaultWriter state) in writers)
        {
            writer.Digest(node.Value).U64(state.Last).Flag(state.MayWrite);
        }
    }

    /// <summary>Reads who may append; the reader fails if they do not ascend strictly.</summary>
    internal static ImmutableSortedDictionary<NodeId, VaultWriter> ReadWriters(ref WireReader reader)
    {
        int count = reader.U16();
        var writers = ImmutableSortedDictionary.CreateBuilder<NodeId, VaultWriter>();
        NodeId previous = default;
        for (int i = 0; i < Math.Min(count, WritersEncodedMax) && !reader.Failed; i++)
        {
            NodeId node = new(reader.Digest());
            if (i > 0 && node <= previous)
            {
                reader.Fail();
            }

            previous = node;
            writers[node] = new VaultWriter(reader.U64(), reader.Flag());
        }

        return writers.ToImmutable();
    }
}
