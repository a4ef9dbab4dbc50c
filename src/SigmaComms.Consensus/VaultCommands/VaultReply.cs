using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.VaultCommands;

/// <summary>The reply to a command to a vault, 41 bytes. Byte table: docs/formats/vault-commands.md.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Number">
/// The entries that the vault has had, so that an appended one has the index before it; after
/// <see cref="VaultStatus.WrongSequence"/> the number that is expected.
/// </param>
/// <param name="Head">The hash chain over all of them; zero where the vault is not known.</param>
public readonly record struct VaultReply(VaultStatus Status, ulong Number, Digest Head)
{
    /// <summary>Size of an encoded reply: 41 bytes.</summary>
    public const int SizeBytes = 1 + 8 + Digest.SizeBytes;

    /// <summary>The encoded reply.</summary>
    public byte[] Encode() => new WireWriter(SizeBytes).U8((byte)Status).U64(Number).Digest(Head).ToArray();

    /// <summary>Reads a reply.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="reply">The reply, or default.</param>
    /// <returns>False if the bytes are no reply.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out VaultReply reply)
    {
        var reader = new WireReader(encoded);
        reply = new VaultReply((VaultStatus)reader.U8(), reader.U64(), reader.Digest());
        bool ok = reader.AtEnd && reply.Status is > VaultStatus.None and <= VaultStatus.OutOfRange;
        reply = ok ? reply : default;
        return ok;
    }
}
