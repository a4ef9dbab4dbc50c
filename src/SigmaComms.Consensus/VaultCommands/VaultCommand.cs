using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>The payload of a command to a vault. Byte table: docs/formats/vault-commands.md.</summary>
/// <param name="Kind">What it asks.</param>
/// <param name="Vault">The vault; when it is created, the salt of its id.</param>
/// <param name="Number">The writer's number of an append, or the first entry that a trim keeps; else 0.</param>
/// <param name="Writer">Whom to add or remove; else default.</param>
/// <param name="Entry">What to append; else empty.</param>
public sealed record VaultCommand(
    VaultCommandKind Kind, Digest Vault, ulong Number, NodeId Writer, ReadOnlyMemory<byte> Entry)
{
    /// <summary>The largest entry: what fits into a command's payload, 65,492 bytes.</summary>
    public const int EntrySizeMax = Commands.Command.PayloadSizeMax - 1 - Digest.SizeBytes - 8 - 3;

    private static ReadOnlySpan<byte> IdLabel => "SigmaComms vault id v1"u8;

    /// <summary>
    /// The id of a vault. It follows from the owner, so that nobody who sees the command on its way can take the id.
    /// </summary>
    /// <param name="owner">Who signs the creation.</param>
    /// <param name="salt">32 random bytes.</param>
    public static Digest IdOf(NodeId owner, Digest salt) =>
        Digest.Sha256(new WireWriter(96).Opaque8(IdLabel).Digest(owner.Value).Digest(salt).Written);

    /// <summary>Begins a vault.</summary>
    /// <param name="salt">32 random bytes; <see cref="IdOf"/> says the id.</param>
    public static VaultCommand Create(Digest salt) => new(VaultCommandKind.Create, salt, 0, default, default);

    /// <summary>Appends an entry.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="sequence">The writer's next number in this vault, from 1.</param>
    /// <param name="entry">1 to 65,492 opaque bytes.</param>
    public static VaultCommand Append(Digest vault, ulong sequence, ReadOnlyMemory<byte> entry) =>
        new(VaultCommandKind.Append, vault, sequence, default, entry);

    /// <summary>Lets somebody append.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="writer">The hash of the writer's ML-DSA-65 key.</param>
    public static VaultCommand AddWriter(Digest vault, NodeId writer) =>
        new(VaultCommandKind.AddWriter, vault, 0, writer, default);

    /// <summary>No longer lets somebody append.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="writer">The writer; the owner cannot be removed.</param>
    public static VaultCommand RemoveWriter(Digest vault, NodeId writer) =>
        new(VaultCommandKind.RemoveWriter, vault, 0, writer, default);

    /// <summary>Drops the oldest entries.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="first">The index of the first entry to keep.</param>
    public static VaultCommand Trim(Digest vault, ulong first) =>
        new(VaultCommandKind.Trim, vault, first, default, default);

    /// <summary>The encoded payload.</summary>
    /// <exception cref="ArgumentException">The entry is empty or too long.</exception>
    public byte[] Encode()
    {
        WireWriter writer = new(64 + Entry.Length);
        writer.U8((byte)Kind).Digest(Vault);
        switch (Kind)
        {
            case VaultCommandKind.Append:
                if (Entry.Length is 0 or > EntrySizeMax)
                {
                    throw new ArgumentException("An entry has 1 to 65,492 bytes.");
                }

                return writer.U64(Number).Opaque24(Entry.Span).ToArray();
            case VaultCommandKind.AddWriter or VaultCommandKind.RemoveWriter:
                return writer.Digest(Writer.Value).ToArray();
            case VaultCommandKind.Trim:
                return writer.U64(Number).ToArray();
            default:
                return writer.ToArray();
        }
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">Untrusted bytes; the command keeps them.</param>
    /// <param name="command">The command, or null.</param>
    /// <returns>False unless the encoding is canonical.</returns>
    public static bool TryDecode(
        ReadOnlyMemory<byte> payload, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out VaultCommand? command)
    {
        var reader = new WireReader(payload.Span);
        var kind = (VaultCommandKind)reader.U8();
        Digest vault = reader.Digest();
        (ulong number, NodeId writer, int entrySize) = (0, default, 0);
        switch (kind)
        {
            case VaultCommandKind.Create:
                break;
            case VaultCommandKind.Append:
                number = reader.U64();
                entrySize = reader.Opaque24(EntrySizeMax).Length;
                break;
            case VaultCommandKind.AddWriter or VaultCommandKind.RemoveWriter:
                writer = new NodeId(reader.Digest());
                break;
            case VaultCommandKind.Trim:
                number = reader.U64();
                break;
            default:
                reader.Fail();
                break;
        }

        bool ok = reader.AtEnd && (kind != VaultCommandKind.Append || (entrySize > 0 && number > 0));
        command = ok ? new VaultCommand(kind, vault, number, writer, payload[^entrySize..]) : null;
        return ok;
    }
}
