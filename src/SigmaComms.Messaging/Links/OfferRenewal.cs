using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>
/// Announces that the dialling side will make a new connection for this link. Reply: <see cref="Done"/>.
/// </summary>
/// <param name="Token">By which the new connection will be known; random, good for one <see cref="Renew"/>.</param>
public sealed record OfferRenewal(Digest16 Token) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.OfferRenewal;

    internal override void WriteBody(WireWriter writer) => LinkWire.Write(writer, Token);

    internal static OfferRenewal Read(ref WireReader reader) => new(LinkWire.Digest16(ref reader));
}
