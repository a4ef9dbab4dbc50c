using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>May this node link? Reply: <see cref="Welcome"/> or <see cref="Refused"/>.</summary>
internal sealed record JudgeHello(Hello Hello, NodeId Peer);
