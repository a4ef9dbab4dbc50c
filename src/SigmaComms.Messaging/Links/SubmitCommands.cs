using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Has commands to vaults ordered in the control log; the sender's device signed them. Exactly once, through however
/// many nodes they are handed in. Reply: <see cref="CommandsOrdered"/> once they are final, or a refusal; after
/// <see cref="RefusalReason.TimedOut"/> they may still be executed.
/// </summary>
/// <param name="Group">The encoded group, see docs/formats/commands.md; at most 64 commands.</param>
public sealed record SubmitCommands(ReadOnlyMemory<byte> Group) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.SubmitCommands;

    internal override void WriteBody(WireWriter writer) => writer.Opaque24(Group.Span);

    internal static SubmitCommands Read(ref WireReader reader) =>
        new(reader.Opaque24(LinkLimits.CommandGroupBytes).ToArray());
}
