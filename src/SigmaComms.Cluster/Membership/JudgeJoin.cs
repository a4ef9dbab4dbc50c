using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>May this node join? Reply: <see cref="JoinAccepted"/> or <see cref="Refused"/>.</summary>
internal sealed record JudgeJoin(JoinRequest Request, NodeId Peer);
