using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Health;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Cluster.Telemetry;

/// <summary>Events about actors and health. All carry the node and its process as fields of their own.</summary>
internal static partial class Log
{
    [LoggerMessage(910, LogLevel.Information, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) started")]
    public static partial void PartStarted(
        this ILogger logger, string actorPath, string actorType, string node, ulong incarnation);

    [LoggerMessage(
        911,
        LogLevel.Information,
        "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) stopped, left behind: {Abandoned}")]
    public static partial void PartStopped(
        this ILogger logger, string actorPath, string actorType, bool abandoned, string node, ulong incarnation);

    [LoggerMessage(
        912,
        LogLevel.Warning,
        "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) failed: {Directive} after {Restarts} restarts, {Error}")]
    public static partial void Failed(
        this ILogger logger,
        Exception cause,
        string actorPath,
        string actorType,
        Directive directive,
        int restarts,
        string error,
        string node,
        ulong incarnation);

    [LoggerMessage(
        913, LogLevel.Warning, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) runs again, restart {Restarts}")]
    public static partial void Restarted(
        this ILogger logger, string actorPath, string actorType, int restarts, string node, ulong incarnation);

    [LoggerMessage(
        914,
        LogLevel.Warning,
        "{Node}/{Incarnation}: mailbox of {ActorPath} ({ActorType}) holds {Depth} of {Capacity} messages")]
    public static partial void MailboxHigh(
        this ILogger logger,
        string actorPath,
        string actorType,
        int depth,
        int capacity,
        string node,
        ulong incarnation);

    [LoggerMessage(
        915,
        LogLevel.Error,
        "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) failed and its supervisor escalated it "
            + "after {Restarts} restarts: {Error}")]
    public static partial void Escalated(
        this ILogger logger,
        Exception cause,
        string actorPath,
        string actorType,
        int restarts,
        string error,
        string node,
        ulong incarnation);

    [LoggerMessage(916, LogLevel.Debug, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) started")]
    public static partial void ActorStarted(
        this ILogger logger, string actorPath, string actorType, string node, ulong incarnation);

    [LoggerMessage(
        917, LogLevel.Debug, "{Node}/{Incarnation}: actor {ActorPath} ({ActorType}) stopped, left behind: {Abandoned}")]
    public static partial void ActorStopped(
        this ILogger logger, string actorPath, string actorType, bool abandoned, string node, ulong incarnation);

    [LoggerMessage(
        918,
        LogLevel.Warning,
        "{Node}/{Incarnation}: {Count} more failures of actors of type {ActorType}, the last at {ActorPath}: {Error}")]
    public static partial void MoreFailures(
        this ILogger logger,
        long count,
        string actorType,
        string actorPath,
        string error,
        string node,
        ulong incarnation);

    [LoggerMessage(
        919,
        LogLevel.Information,
        "{Node}/{Incarnation}: health of {ActorPath} ({ActorType}): {State}, {Actors} actors below, "
            + "{Waiting} messages wait (the oldest {OldestSeconds} s), {Processed} handled, {Dropped} dropped, "
            + "{Failures} failures in five minutes, {Restarts} restarts")]
    public static partial void Supervisor(
        this ILogger logger,
        string actorPath,
        string actorType,
        ActorState state,
        int actors,
        long waiting,
        double oldestSeconds,
        long processed,
        int failures,
        long restarts,
        long dropped,
        string node,
        ulong incarnation);

    [LoggerMessage(
        920,
        LogLevel.Warning,
        "{Node}/{Incarnation}: breaker {Breaker} of {ActorPath} ({ActorType}) opened for {RetryAfterSeconds} s: "
            + "{Error}")]
    public static partial void BreakerOpened(
        this ILogger logger,
        string actorPath,
        string actorType,
        string breaker,
        double retryAfterSeconds,
        string? error,
        string node,
        ulong incarnation);

    [LoggerMessage(
        921,
        LogLevel.Information,
        "{Node}/{Incarnation}: breaker {Breaker} of {ActorPath} ({ActorType}) is {State}, it was {Before}")]
    public static partial void BreakerTurned(
        this ILogger logger,
        string actorPath,
        string actorType,
        string breaker,
        BreakerState state,
        BreakerState before,
        string node,
        ulong incarnation);

    [LoggerMessage(
        923,
        LogLevel.Warning,
        "{Node}/{Incarnation}: a handler of {ActorPath} ({ActorType}) has held its thread for {Milliseconds} ms")]
    public static partial void HandlerHolds(
        this ILogger logger,
        string actorPath,
        string actorType,
        double milliseconds,
        string node,
        ulong incarnation);

    [LoggerMessage(
        930, LogLevel.Warning, "{Node}/{Incarnation}: health is {Verdict}, it was {Before}: {Reasons}")]
    public static partial void VerdictTurned(
        this ILogger logger,
        Verdict verdict,
        Verdict before,
        string reasons,
        string node,
        ulong incarnation);
}
