namespace SigmaComms.Transport.Links;

/// <summary>The bounds of one link.</summary>
public sealed class LinkOptions
{
    /// <summary>The clock of time-outs and round trips. Default: the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// Requests of this side that may await their answer at once, 1 to 65,536; more wait. Default 1,024.
    /// </summary>
    public int PendingRequestsMax { get; set; } = 1_024;

    /// <summary>Messages that may wait to be written, 1 to 65,536; more wait. Default 1,024.</summary>
    public int OutgoingMessagesMax { get; set; } = 1_024;

    /// <summary>
    /// Requests of the peer that may be in work at once, 1 to 65,536; while there are as many, nothing more is read.
    /// Default 256.
    /// </summary>
    public int IncomingRequestsMax { get; set; } = 256;

    /// <summary>How long the peer may take to accept bytes before the link is closed. Default 10 seconds.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        Require(PendingRequestsMax, nameof(PendingRequestsMax));
        Require(OutgoingMessagesMax, nameof(OutgoingMessagesMax));
        Require(IncomingRequestsMax, nameof(IncomingRequestsMax));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(WriteTimeout, TimeSpan.Zero);
    }

    private static void Require(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_536, name);
    }
}
