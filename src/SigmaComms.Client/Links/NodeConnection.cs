using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>A link to a node whose admission was verified.</summary>
/// <param name="Link">The link.</param>
/// <param name="Admission">What the operator signed for exactly this node's key, or its own word.</param>
/// <param name="Endpoint">Where it was reached.</param>
/// <param name="Handshake">What the channel negotiated.</param>
internal sealed record NodeConnection(
    LinkConnection Link, NodeAdmission Admission, string Endpoint, LinkHandshake Handshake)
{
    /// <summary>Whether the control log alone vouches for the node, and the admission is its own word.</summary>
    public bool IsByLog { get; init; }
}
