using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>A node's signed wish to take part. Reply: <see cref="JoinAccepted"/> or a refusal.</summary>
/// <param name="Credential">Its admission and its own signed announcement.</param>
public sealed record JoinRequest(MemberCredential Credential) : LinkMessage
{
    internal override LinkMessageId TypeId => LinkMessageId.JoinRequest;

    internal override void WriteBody(WireWriter writer)
    {
        Credential.Write(writer);
    }

    internal static JoinRequest Read(ref WireReader reader) => new(MemberCredential.Read(ref reader));
}
