using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A page of what a node's directory has, sorted by key.</summary>
/// <param name="Heads">The records' keys and versions.</param>
/// <param name="More">Whether another page follows.</param>
public sealed record RecordSummary(IReadOnlyList<RecordHead> Heads, bool More) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.RecordSummary;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Heads, static (w, item) => item.Write(w));
        writer.Flag(More);
    }

    internal static RecordSummary Read(ref WireReader reader) => new(
        LinkWire.ReadList(ref reader, LinkLimits.HeadsPerSummary, RecordHead.Read),
        reader.Flag());
}
