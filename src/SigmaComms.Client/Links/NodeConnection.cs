using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>A link to a node whose admission was verified.</summary>
/// <param name="Link">The link.</param>
/// <param name="Admission">What the operator signed for exactly this node's key.</param>
/// <param name="Endpoint">Where it was reached.</param>
/// <param name="Handshake">What the channel negotiated.</param>
internal sealed record NodeConnection(
    LinkConnection Link, NodeAdmission Admission, string Endpoint, LinkHandshake Handshake);
