using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Attachments;
using SigmaComms.Client.Links;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Persistence;

namespace SigmaComms.Client;

/// <summary>
/// What a client is made of. The owner of these keeps them alive as long as the client, and disposes them.
/// </summary>
public sealed class MessagingClientOptions
{
    /// <summary>This device's keys.</summary>
    public required LocalDevice Device { get; set; }

    /// <summary>This account's signed record, which lists the device.</summary>
    public required AccountRecord Account { get; set; }

    /// <summary>Where everything is stored. It must encrypt: the ratchet's keys go there.</summary>
    public required IJournal Journal { get; set; }

    /// <summary>The cluster.</summary>
    public required ClusterProfile Cluster { get; set; }

    /// <summary>Opens connections.</summary>
    public required ILinkDialer Dialer { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Randomness. Default: the system's.</summary>
    public IRandomSource Random { get; set; } = SystemRandom.Instance;

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>
    /// Called on a thread of the client for connections, losses and changed identities, from the first on; returns
    /// quickly. Default: nobody.
    /// </summary>
    public Action<ClientEvent> Report { get; set; } = static _ => { };

    /// <summary>
    /// One-time prekeys the directory should have, 2 to 500. Default 50; at half of them more are made.
    /// </summary>
    public int PrekeyTarget { get; set; } = 50;

    /// <summary>The largest attachment in bytes, up to 4 GiB. Default 4 GiB.</summary>
    public long AttachmentMaxBytes { get; set; } = AttachmentDescriptor.FileMaxBytes;

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PrekeyTarget, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PrekeyTarget, 500);
        ArgumentOutOfRangeException.ThrowIfLessThan(AttachmentMaxBytes, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AttachmentMaxBytes, AttachmentDescriptor.FileMaxBytes);
        if (Account.FindDevice(Device.DeviceId) is null || Account.AccountId != Device.AccountId)
        {
            throw new ArgumentException("The account's record does not list this device.");
        }
    }
}
