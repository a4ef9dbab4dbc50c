using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks a node to show where a vault's stream stands, who the members are, or both, to somebody who trusts the
/// validators' keys alone. Reply: <see cref="LogProof"/> or a refusal.
/// </summary>
/// <param name="Epoch">The epoch whose validators the asker knows.</param>
/// <param name="Height">The last block that it has verified; nothing older is wanted.</param>
/// <param name="Updates">The updates of the key directory that it has verified; the answer goes on from them.</param>
/// <param name="After">A block that the asker has heard of; what it did is to be in the state that is shown.</param>
/// <param name="Vault">The vault; null if none is asked for.</param>
/// <param name="WithMembers">Whether all members are asked for.</param>
/// <param name="IsLinearizable">Whether everything is wanted that was final anywhere before the question.</param>
public sealed record GetStateProof(
    ulong Epoch,
    ulong Height,
    ulong Updates,
    ulong After,
    Digest? Vault,
    bool WithMembers,
    bool IsLinearizable) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.GetStateProof;

    internal override void WriteBody(WireWriter writer)
    {
        writer.U64(Epoch).U64(Height).U64(Updates).U64(After);
        LinkWire.Write(writer, Vault is { } vault ? new NodeId(vault) : null);
        writer.Flag(WithMembers).Flag(IsLinearizable);
    }

    internal static GetStateProof Read(ref WireReader reader) => new(
        reader.U64(),
        reader.U64(),
        reader.U64(),
        reader.U64(),
        LinkWire.OptionalNode(ref reader)?.Value,
        reader.Flag(),
        reader.Flag());
}
