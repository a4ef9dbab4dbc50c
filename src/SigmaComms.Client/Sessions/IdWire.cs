using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>16-byte ids in the wire encoding: the bytes, without a length.</summary>
internal static class IdWire
{
    /// <summary>Writes the 16 bytes.</summary>
    public static WireWriter Id(this WireWriter writer, Digest16 id)
    {
        Span<byte> bytes = stackalloc byte[Digest16.SizeBytes];
        id.CopyTo(bytes);
        return writer.Fixed(bytes);
    }

    /// <summary>Reads 16 bytes; zero if the reader failed.</summary>
    public static Digest16 ReadId(ref WireReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Fixed(Digest16.SizeBytes);
        return bytes.IsEmpty ? default : new Digest16(bytes);
    }
}
