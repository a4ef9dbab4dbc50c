using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Which of the offered messages to send, and which to forget.</summary>
/// <param name="Wanted">Messages the answering node lacks.</param>
/// <param name="Gone">Messages it knows to be acknowledged.</param>
public sealed record HoldingsAnswer(IReadOnlyList<Digest16> Wanted, IReadOnlyList<Digest16> Gone) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.HoldingsAnswer;

    internal override void WriteBody(WireWriter writer)
    {
        LinkWire.Write(writer, Wanted);
        LinkWire.Write(writer, Gone);
    }

    internal static HoldingsAnswer Read(ref WireReader reader) => new(
        LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage),
        LinkWire.Digests(ref reader, LinkLimits.IdsPerMessage));
}
