using System.Buffers.Binary;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Persistence.Sealing;

/// <summary>The associated data of the payloads of one persistence id: where each belongs.</summary>
internal sealed class SealedPlace
{
    private const int TailBytes = 8 + 4 + 1;

    private readonly byte[] _bytes;

    public SealedPlace(byte kind, string persistenceId) => _bytes = new WireWriter()
        .U8(kind)
        .Opaque16(System.Text.Encoding.UTF8.GetBytes(persistenceId))
        .U64(0)
        .U32(0)
        .U8(0)
        .ToArray();

    /// <summary>The data of one payload; good until the next call.</summary>
    public byte[] At(long sequence, uint typeId, byte version)
    {
        Span<byte> tail = _bytes.AsSpan(_bytes.Length - TailBytes);
        BinaryPrimitives.WriteInt64BigEndian(tail, sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tail[8..], typeId);
        tail[^1] = version;
        return _bytes;
    }
}
