using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>Members that a peer has verified.</summary>
internal sealed record GossipArrived(NodeId From, MembershipGossip Gossip);
