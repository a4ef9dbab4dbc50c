using Microsoft.Extensions.Logging;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Membership;

internal static partial class Log
{
    [LoggerMessage(510, LogLevel.Debug, "Seed at {Endpoint} not reached: {Detail}")]
    public static partial void SeedNotReached(this ILogger logger, NodeEndpoint endpoint, string detail);

    [LoggerMessage(511, LogLevel.Warning, "Seed at {Endpoint} refused this node: {Reason}, {Detail}")]
    public static partial void JoinRefusedByPeer(
        this ILogger logger, NodeEndpoint endpoint, RefusalReason reason, string detail);

    [LoggerMessage(512, LogLevel.Warning, "Refused to let node {Member} join: {Reason}, {Detail}")]
    public static partial void JoinRefused(this ILogger logger, string member, RefusalReason reason, string detail);

    [LoggerMessage(513, LogLevel.Warning, "Two live processes use the identity of node {Member}")]
    public static partial void IdentityInUse(this ILogger logger, string member);

    [LoggerMessage(514, LogLevel.Information, "Node {Member} is a member, process {Incarnation}")]
    public static partial void MemberLearned(this ILogger logger, string member, ulong incarnation);

    [LoggerMessage(515, LogLevel.Warning, "Node {Peer} spread a member that does not verify: {Reason}, {Detail}")]
    public static partial void GossipRefused(this ILogger logger, string peer, RefusalReason reason, string detail);

    [LoggerMessage(516, LogLevel.Warning, "The members were not kept: {Problem}")]
    public static partial void MembersNotKept(this ILogger logger, string problem);

    [LoggerMessage(517, LogLevel.Information, "The view of node {Peer} could not be learned: {Problem}")]
    public static partial void ViewNotLearned(this ILogger logger, string peer, string problem);

    [LoggerMessage(
        518, LogLevel.Information,
        "Node {Peer} asked by its view {Theirs} for mailbox {Device}, which by view {Ours} belongs elsewhere")]
    public static partial void StaleViewRefused(
        this ILogger logger, string peer, string device, ulong theirs, ulong ours);
}
