using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Says on the control lane that the node runs. No reply.</summary>
/// <param name="Incarnation">The sender's process.</param>
/// <param name="Sequence">Counts up by one.</param>
/// <param name="PausedMilliseconds">How long the sender stood still since the last one; 0 if it did not.</param>
/// <param name="Mailboxes">Mailboxes it keeps.</param>
/// <param name="StorageFailing">Whether its last write to the disk failed: others should store elsewhere.</param>
public sealed record Heartbeat(
    ulong Incarnation, ulong Sequence, uint PausedMilliseconds, uint Mailboxes, bool StorageFailing) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.Heartbeat;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(Incarnation);
        writer.U64(Sequence);
        writer.U32(PausedMilliseconds);
        writer.U32(Mailboxes);
        writer.Flag(StorageFailing);
    }

    internal static Heartbeat Read(ref WireReader reader) =>
        new(reader.U64(), reader.U64(), reader.U32(), reader.U32(), reader.Flag());
}
