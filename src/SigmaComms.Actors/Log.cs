using Microsoft.Extensions.Logging;
using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "{Count} dead letters {MessageType} for {ActorPath}: {Reason}")]
    public static partial void DeadLetters(
        this ILogger logger, long count, string messageType, string actorPath, string reason);

    [LoggerMessage(101, LogLevel.Warning, "Actor {ActorPath} ({ActorType}) failed: {Directive}, restart {Restarts}")]
    public static partial void ActorFailed(
        this ILogger logger, Exception cause, ActorPath actorPath, string actorType, Directive directive, int restarts);

    [LoggerMessage(102, LogLevel.Critical, "Failure of {ActorPath} was escalated above the top of the tree")]
    public static partial void SystemFailed(this ILogger logger, Exception cause, ActorPath actorPath);

    [LoggerMessage(103, LogLevel.Warning, "Actor {ActorPath} was left behind: its handler did not end in time")]
    public static partial void Abandoned(this ILogger logger, ActorPath actorPath);

    [LoggerMessage(104, LogLevel.Error, "Actor {ActorPath} failed while it was ending or restarting")]
    public static partial void LifecycleFailed(this ILogger logger, Exception cause, ActorPath actorPath);

    [LoggerMessage(105, LogLevel.Warning, "Actor {ActorPath} held its thread for {Milliseconds} ms")]
    public static partial void SlowHandler(this ILogger logger, ActorPath actorPath, long milliseconds);

    [LoggerMessage(
        106, LogLevel.Warning,
        "Breaker {Breaker} of {ActorPath} is {BreakerState}, next call in {RetryAfterMs} ms; last failure: {Cause}")]
    public static partial void BreakerChanged(
        this ILogger logger, string breaker, ActorPath actorPath, BreakerState breakerState, double retryAfterMs,
        string? cause);

    [LoggerMessage(107, LogLevel.Warning, "Actor {ActorPath} has been holding its thread for {Milliseconds} ms")]
    public static partial void HandlerHoldsThread(this ILogger logger, ActorPath actorPath, long milliseconds);

    [LoggerMessage(108, LogLevel.Warning, "Shutdown task {Task} of phase {Phase} did not end in time")]
    public static partial void ShutdownTaskLate(this ILogger logger, string task, string phase);

    [LoggerMessage(109, LogLevel.Warning, "Shutdown task {Task} of phase {Phase} failed: {Failure}")]
    public static partial void ShutdownTaskFailed(this ILogger logger, string task, string phase, string failure);
}
