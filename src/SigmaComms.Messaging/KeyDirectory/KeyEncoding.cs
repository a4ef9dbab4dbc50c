using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.KeyDirectory;

/// <summary>Writes and reads one published key: its type byte, then its fixed number of bytes.</summary>
internal static class KeyEncoding
{
    /// <summary>Writes the type byte and the key.</summary>
    public static WireWriter Key(this WireWriter writer, KeyKind kind, ReadOnlySpan<byte> key) =>
        writer.U8((byte)kind).Fixed(key);

    /// <summary>Reads a key of the expected kind; any other type byte makes the reader fail.</summary>
    public static ReadOnlySpan<byte> Key(this ref WireReader reader, KeyKind kind, int sizeBytes)
    {
        if (reader.U8() != (byte)kind)
        {
            reader.Fail();
        }

        return reader.Fixed(sizeBytes);
    }
}
