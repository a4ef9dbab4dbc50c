using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Control.Verification;

namespace SigmaComms.Cluster.Control.Hosting;

internal static partial class Log
{
    [LoggerMessage(
        1600, LogLevel.Information,
        "Control log: epoch {Epoch}, height {Height}, {Records} records read; voting: {Voting} {Detail}")]
    public static partial void ReplicaStarted(
        this ILogger logger, ulong epoch, ulong height, int records, bool voting, string detail);

    [LoggerMessage(
        1601, LogLevel.Critical, "Control log: halted, an invariant is broken: {Problem}. The node serves the rest")]
    public static partial void ReplicaHalted(this ILogger logger, string problem);

    [LoggerMessage(
        1602, LogLevel.Warning, "Control log: the disk failed: {Problem}. This node does not vote until it is back")]
    public static partial void DiskFailed(this ILogger logger, string problem);

    [LoggerMessage(1603, LogLevel.Warning, "Control log: {Count} frames of node {Peer} refused, the last: {Reason}")]
    public static partial void FrameRefused(this ILogger logger, string peer, RefusedFrame reason, long count);

    [LoggerMessage(1604, LogLevel.Debug, "Control log: {Count} frames of node {Peer} are of another epoch")]
    public static partial void FrameOfOtherEpoch(this ILogger logger, string peer, long count);

    [LoggerMessage(1605, LogLevel.Information, "Control log: epoch {Epoch} began with {Validators} validators")]
    public static partial void EpochBegan(this ILogger logger, ulong epoch, int validators);

    [LoggerMessage(1606, LogLevel.Warning, "Control log: the vote guard refused {Count} ballots")]
    public static partial void GuardRefused(this ILogger logger, int count);

    [LoggerMessage(1607, LogLevel.Warning, "Control log: this node does not vote: {Detail}")]
    public static partial void NotVoting(this ILogger logger, string detail);

    [LoggerMessage(1609, LogLevel.Information, "Control log: goes on from a snapshot of height {Height} of its peers")]
    public static partial void SnapshotTaken(this ILogger logger, ulong height);

    [LoggerMessage(1608, LogLevel.Warning, "Control log: validator {Validator} is accused: {Misbehaviour}")]
    public static partial void Accused(this ILogger logger, string validator, string misbehaviour);

    [LoggerMessage(
        1610, LogLevel.Error, "Control log: a message of number {Number} has {SizeBytes} bytes: too long to be sent")]
    public static partial void FrameTooLong(this ILogger logger, byte number, int sizeBytes);
}
