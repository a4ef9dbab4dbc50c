using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>What two devices say to each other inside a sealed message; see docs/formats/envelope.md.</summary>
/// <param name="Kind">What the body is. Unknown kinds are kept, so that a newer peer leaves no gap.</param>
/// <param name="Id">Names the message, on the wire and to the application.</param>
/// <param name="Counter">Place in the conversation from 1; 0 for a receipt, which has no place.</param>
/// <param name="Acknowledged">The highest counter up to which the sender has everything from the other side.</param>
/// <param name="SentUnixMs">The sender's clock, in milliseconds since 1970.</param>
/// <param name="Body">The content.</param>
public sealed record Envelope(
    EnvelopeKind Kind,
    Digest16 Id,
    ulong Counter,
    ulong Acknowledged,
    ulong SentUnixMs,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>The longest body: 60 KiB.</summary>
    public const int BodyMaxBytes = 60 * 1024;

    /// <summary>Bytes before the body.</summary>
    public const int HeaderSizeBytes = 1 + 1 + Digest16.SizeBytes + 8 + 8 + 8 + 3;

    private const byte CurrentVersion = 1;

    /// <summary>Encodes. The session pads, so that the sealed size tells less.</summary>
    public byte[] Encode()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Body.Length, BodyMaxBytes);
        var writer = new WireWriter(HeaderSizeBytes + Body.Length);
        writer.U8(CurrentVersion).U8((byte)Kind).Id(Id);
        byte[] encoded = writer.U64(Counter).U64(Acknowledged).U64(SentUnixMs).Opaque24(Body.Span).ToArray();
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
        ulong counter = reader.U64();
        ulong acknowledged = reader.U64();
        ulong sentUnixMs = reader.U64();
        ReadOnlySpan<byte> body = reader.Opaque24(BodyMaxBytes);
        if (!reader.AtEnd || version != CurrentVersion || kind == 0
            || (kind == EnvelopeKind.Receipt) != (counter == 0)
            || (kind == EnvelopeKind.Receipt && !body.IsEmpty))
        {
            return false;
        }

        envelope = new Envelope(kind, id, counter, acknowledged, sentUnixMs, body.ToArray());
        return true;
    }
}
