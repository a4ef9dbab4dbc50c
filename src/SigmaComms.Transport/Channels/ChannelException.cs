using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>A channel could not be made or ended before its time.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What happened.</param>
    /// <param name="alert">The alert that was sent or received, if any.</param>
    /// <param name="inner">The fault below, if any.</param>
    public ChannelException(ChannelFault reason, TlsAlert? alert = null, Exception? inner = null)
        : base(Describe(reason, alert), inner)
    {
        Reason = reason;
        Alert = alert;
    }

    /// <summary>What happened.</summary>
    public ChannelFault Reason { get; }

    /// <summary>The alert that was sent or received, if any.</summary>
    public TlsAlert? Alert { get; }

    private static string Describe(ChannelFault reason, TlsAlert? alert)
    {
        string text = reason switch
        {
            ChannelFault.Unreachable => "The other end cannot be reached",
            ChannelFault.TimedOut => "The handshake did not end in time",
            ChannelFault.Dropped => "The connection broke off",
            ChannelFault.RefusedByPeer => "The peer refused",
            _ => "The peer was rejected",
        };
        return alert is { } told ? $"{text}: {told}." : $"{text}.";
    }
}
