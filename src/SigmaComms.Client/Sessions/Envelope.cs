using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What two devices say to each other inside a sealed message; see docs/formats/envelope.md.</summary>
/// <param name="Kind">What the body is. Unknown kinds are kept, so that a newer peer leaves no gap.</param>
/// <param name="Id">Names the message to both applications, however often it is sealed.</param>
/// <param name="Place">Where it stands in what its sender says.</param>
/// <param name="Acknowledged">What the sender has of the other side.</param>
/// <param name="SentUnixMs">The sender's clock, in milliseconds since 1970.</param>
/// <param name="Body">The content.</param>
public sealed record Envelope(
    EnvelopeKind Kind,
    Digest16 Id,
    StreamPlace Place,
    StreamAcknowledgement Acknowledged,
    ulong SentUnixMs,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>The longest body: 60 KiB.</summary>
    public const int BodyMaxBytes = 60 * 1024;

    /// <summary>Bytes before the body.</summary>
    public const int HeaderSizeBytes = 1 + 1 + Digest16.SizeBytes + (3 * 8) + (2 * 8) + 8 + 3;

    /// <summary>No counter is higher, so that counting on never overflows: 2^62.</summary>
    public const ulong CounterMax = 1UL << 62;

    private const byte CurrentVersion = 2;

    /// <summary>Encodes. The session pads, so that the sealed size tells less.</summary>
    public byte[] Encode()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Body.Length, BodyMaxBytes);
        var writer = new WireWriter(HeaderSizeBytes + Body.Length);
        writer.U8(CurrentVersion).U8((byte)Kind).Id(Id);
        writer.U64(Place.Stream).U64(Place.Counter).U64(Place.Floor);
        writer.U64(Acknowledged.Stream).U64(Acknowledged.UpTo);
        byte[] encoded = writer.U64(SentUnixMs).Opaque24(Body.Span).ToArray();
        writer.Clear();
        return encoded;
    }

    /// <summary>Decodes what a peer sealed.</summary>
    /// <param name="bytes">Untrusted bytes.</param>
    /// <param name="envelope">The envelope, or null.</param>
    /// <returns>False if the bytes are not exactly one envelope in its one encoding.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Envelope? envelope)
    {
        envelope = null;
        var reader = new WireReader(bytes);
        byte version = reader.U8();
        var kind = (EnvelopeKind)reader.U8();
        Digest16 id = IdWire.ReadId(ref reader);
        var place = new StreamPlace(reader.U64(), reader.U64(), reader.U64());
        var acknowledged = new StreamAcknowledgement(reader.U64(), reader.U64());
        ulong sentUnixMs = reader.U64();
        ReadOnlySpan<byte> body = reader.Opaque24(BodyMaxBytes);
        bool isReceipt = kind == EnvelopeKind.Receipt;
        if (!reader.AtEnd || version != CurrentVersion || kind == 0 || isReceipt != (place.Counter == 0)
            || !place.IsValid || !acknowledged.IsValid
            || (isReceipt && !ReceiptReport.TryDecode(body, acknowledged.UpTo, out _)))
        {
            return false;
        }

        envelope = new Envelope(kind, id, place, acknowledged, sentUnixMs, body.ToArray());
        return true;
    }
}
