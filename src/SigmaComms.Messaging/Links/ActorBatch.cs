using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Words between the actors of two nodes, in the order in which they were sent. No reply.</summary>
/// <param name="FromIncarnation">The sending process; what its numbers mean ends with it.</param>
/// <param name="ToIncarnation">The process it is meant for; another one drops it.</param>
/// <param name="Items">The words; together at most <see cref="LinkLimits.ActorBatchBytes"/>.</param>
public sealed record ActorBatch(
    ulong FromIncarnation, ulong ToIncarnation, IReadOnlyList<ActorItem> Items) : LinkMessage
{
    /// <summary>Bytes of the body without its items: 18.</summary>
    public const int HeadBytes = 18;

    internal override LinkMessageId TypeId => LinkMessageId.ActorBatch;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(FromIncarnation);
        writer.U64(ToIncarnation);
        LinkWire.WriteList(writer, Items, static (w, item) => item.Write(w));
    }

    internal static ActorBatch Read(ref WireReader reader)
    {
        if (reader.Remaining > LinkLimits.ActorBatchBytes)
        {
            reader.Fail();
        }

        return new ActorBatch(
            reader.U64(), reader.U64(), LinkWire.ReadList(ref reader, LinkLimits.ActorItemsPerBatch, ActorItem.Read));
    }
}
