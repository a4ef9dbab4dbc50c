using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>The reply to a command to the directory, 17 bytes. Byte table: docs/formats/key-directory.md.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Version">The newest version of the name; 0 if there is none.</param>
/// <param name="HistoryCount">The updates that the directory has had.</param>
public readonly record struct DirectoryReply(DirectoryStatus Status, ulong Version, ulong HistoryCount)
{
    /// <summary>The encoded reply.</summary>
    public byte[] Encode() => new WireWriter(17).U8((byte)Status).U64(Version).U64(HistoryCount).ToArray();

    /// <summary>Reads a reply.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="reply">The reply, or default.</param>
    /// <returns>False if the bytes are no reply.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out DirectoryReply reply)
    {
        var reader = new WireReader(encoded);
        reply = new DirectoryReply((DirectoryStatus)reader.U8(), reader.U64(), reader.U64());
        bool ok = reader.AtEnd && reply.Status is > DirectoryStatus.None and <= DirectoryStatus.Full;
        reply = ok ? reply : default;
        return ok;
    }
}
