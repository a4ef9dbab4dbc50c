using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Scrub;

/// <summary>How far the scrub has come; outlives the process.</summary>
/// <param name="StartedTicks">When the present or last pass began, in UTC ticks; 0 if none ever did.</param>
/// <param name="EndedTicks">When the last pass that came to its end did so, in UTC ticks; 0 if none did.</param>
/// <param name="After">The last fragment that was read in the present pass; null: none, or there is none.</param>
/// <param name="IsRunning">Whether a pass has begun and not ended.</param>
internal readonly record struct ScrubMark(long StartedTicks, long EndedTicks, FragmentId? After, bool IsRunning)
{
    private const int Size = 8 + 8 + 1 + 1 + Digest.SizeBytes;

    /// <summary>The mark as bytes.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, StartedTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), EndedTicks);
        bytes[16] = IsRunning ? (byte)1 : (byte)0;
        bytes[17] = After is null ? (byte)0 : (byte)1;
        After?.Value.CopyTo(bytes.AsSpan(18));
        return bytes;
    }

    /// <summary>Reads a mark; what is none is one of a scrub that never ran.</summary>
    /// <param name="bytes">The bytes.</param>
    public static ScrubMark Decode(ReadOnlySpan<byte> bytes) => bytes.Length != Size
        ? default
        : new ScrubMark(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            bytes[17] == 1 ? new FragmentId(new Digest(bytes[18..])) : null,
            bytes[16] == 1);
}
