using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Attachments;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Client;

/// <summary>How an identity on this machine is opened.</summary>
public sealed class OpenedIdentityOptions
{
    /// <summary>The identity's folder.</summary>
    public required IdentityFolder Folder { get; set; }

    /// <summary>The cluster.</summary>
    public required ClusterProfile Cluster { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Randomness. Default: the system's.</summary>
    public IRandomSource Random { get; set; } = SystemRandom.Instance;

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Called for connections, losses and changed identities. Default: nobody.</summary>
    public Action<ClientEvent> Report { get; set; } = static _ => { };

    /// <summary>The largest attachment in bytes, up to 4 GiB. Default 4 GiB.</summary>
    public long AttachmentMaxBytes { get; set; } = AttachmentDescriptor.FileMaxBytes;
}
