using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

/// <summary>Take in the members of another node's view. Reply: <see cref="Done"/>, after that.</summary>
/// <param name="From">The node that gave them.</param>
/// <param name="Members">Its members; to be verified.</param>
internal sealed record LearnView(NodeId From, IReadOnlyList<MemberCredential> Members);
