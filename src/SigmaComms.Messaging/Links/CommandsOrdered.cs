using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>What became of the commands of a group, each in its place.</summary>
/// <param name="Height">The block after which the node answers; a state at least as new shows what they did.</param>
/// <param name="Commands">One answer for each command.</param>
public sealed record CommandsOrdered(ulong Height, IReadOnlyList<OrderedCommand> Commands) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.CommandsOrdered;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(Height);
        LinkWire.WriteList(writer, Commands, static (w, item) => item.Write(w));
    }

    internal static CommandsOrdered Read(ref WireReader reader) => new(
        reader.U64(), LinkWire.ReadList(ref reader, LinkLimits.CommandsPerGroup, OrderedCommand.Read));
}
