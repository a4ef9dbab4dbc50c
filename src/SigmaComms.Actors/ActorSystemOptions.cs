using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors.Shutdown;

namespace SigmaComms.Actors;

/// <summary>Settings of an actor system; checked when the system is made.</summary>
public sealed class ActorSystemOptions
{
    /// <summary>The clock of timers and time-outs. Default: the machine's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Where the runtime writes its log. Default: nowhere.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Messages that a mailbox holds unless its Props say otherwise, at least 1. Default 65,536.</summary>
    public int MailboxCapacity { get; set; } = 65_536;

    /// <summary>Messages that an actor handles before others get a turn, at least 1. Default 64.</summary>
    public int Throughput { get; set; } = 64;

    /// <summary>How long a stop waits for a pending handler, more than zero. Default 5 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For debugging: gives back what arrives for a message that is sent, for example its copy through the codec, so
    /// that whoever changes a message after sending it is found out. If it throws, the message is refused with
    /// <see cref="SendResult.NoCodec"/>. Default: null, messages arrive as they are.
    /// </summary>
    public Func<object, object>? MessageCheck { get; set; }

    /// <summary>
    /// What happens in which order when the system is terminated. One phase is
    /// <see cref="ShutdownPhase.StopActors"/>, by name. Default: stop-intake, drain, leave, stop-actors, flush.
    /// </summary>
    public IList<ShutdownPhase> ShutdownPhases { get; set; } =
    [
        ShutdownPhase.StopIntake, ShutdownPhase.Drain, ShutdownPhase.Leave, ShutdownPhase.StopActors,
        ShutdownPhase.Flush,
    ];

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentNullException.ThrowIfNull(Logger);
        ArgumentOutOfRangeException.ThrowIfLessThan(MailboxCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Throughput, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StopTimeout, TimeSpan.Zero);
        CoordinatedShutdown.Validate(ShutdownPhases);
    }
}
