namespace SigmaComms.Transport.Links;

/// <summary>The bounds of one link.</summary>
public sealed class LinkOptions
{
    /// <summary>The clock of time-outs and round trips. Default: the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// Requests of this side that may await their answer at once, 1 to 65,536; more wait. The peer refuses what is
    /// above its own <see cref="IncomingRequestsMax"/>. Default 256.
    /// </summary>
    public int PendingRequestsMax { get; set; } = 256;

    /// <summary>Messages that may wait to be written, 1 to 65,536; more wait. Default 1,024.</summary>
    public int OutgoingMessagesMax { get; set; } = 1_024;

    /// <summary>
    /// Requests of the peer that may be in work at once, 1 to 65,536; those above are refused at once as
    /// <see cref="Messaging.Links.RefusalReason.Overloaded"/>. A peer whose <see cref="PendingRequestsMax"/> is not
    /// greater is never refused. Default 256.
    /// </summary>
    public int IncomingRequestsMax { get; set; } = 256;

    /// <summary>
    /// Pushes of the peer that may wait while one is being handled, 1 to 65,536. A push above closes the link as
    /// <see cref="Messaging.Links.RefusalReason.Overloaded"/>: it must exceed what the peer may have on its way
    /// without acknowledgement. Default 1,024.
    /// </summary>
    public int IncomingPushesMax { get; set; } = 1_024;

    /// <summary>Bytes of pushes that may wait, 1 MiB to 1 GiB; a push above closes the link. Default 48 MiB.</summary>
    public long IncomingPushBytesMax { get; set; } = 48L << 20;

    /// <summary>How long the peer may take to accept bytes before the link is closed. Default 10 seconds.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the end of a link may take altogether: what waits to be written, and the handlers. Default 5 seconds.
    /// </summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        Require(PendingRequestsMax, nameof(PendingRequestsMax));
        Require(OutgoingMessagesMax, nameof(OutgoingMessagesMax));
        Require(IncomingRequestsMax, nameof(IncomingRequestsMax));
        Require(IncomingPushesMax, nameof(IncomingPushesMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(IncomingPushBytesMax, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IncomingPushBytesMax, 1L << 30);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WriteTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CloseTimeout, TimeSpan.Zero);
    }

    internal static void Require(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_536, name);
    }
}
