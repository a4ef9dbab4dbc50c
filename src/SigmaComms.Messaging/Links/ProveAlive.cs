using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Asks a node to sign an announcement with this number, so that another process of its identity believes that it
/// lives. Reply: <see cref="AliveProof"/> or a refusal.
/// </summary>
/// <param name="Nonce">The number of the announcement that the other process made.</param>
public sealed record ProveAlive(Digest16 Nonce) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.ProveAlive;

    internal override void WriteBody(WireWriter writer) => LinkWire.Write(writer, Nonce);

    internal static ProveAlive Read(ref WireReader reader) => new(LinkWire.Digest16(ref reader));
}
