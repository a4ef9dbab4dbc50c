using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Asks for directory records. Reply: <see cref="Records"/>.</summary>
/// <param name="Wanted">The records.</param>
public sealed record RecordPull(IReadOnlyList<RecordHead> Wanted) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.RecordPull;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteList(writer, Wanted, static (w, item) => item.Write(w));
    }

    internal static RecordPull Read(ref WireReader reader) =>
        new(LinkWire.ReadList(ref reader, LinkLimits.RecordsPerPull, RecordHead.Read));
}
