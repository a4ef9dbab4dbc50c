using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks for an account record by name or by id; exactly one is given. Reply: <see cref="AccountFound"/> or a refusal.
/// </summary>
/// <param name="Name">The account's name, or null.</param>
/// <param name="Account">The account's id, or null.</param>
public sealed record FetchAccount(string? Name, NodeId? Account) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.FetchAccount;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.WriteOptional(writer, Name);
        LinkWire.Write(writer, Account);
    }

    internal static FetchAccount Read(ref WireReader reader) => new(
        LinkWire.OptionalText(ref reader, LinkLimits.NameBytes),
        LinkWire.OptionalNode(ref reader));
}
