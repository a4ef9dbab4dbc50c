using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Client.Prekeys;
using SigmaComms.Client.Sessions;
using SigmaComms.Client.Transparency;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Persistence;

namespace SigmaComms.Client;

/// <summary>What all actors of one client share.</summary>
internal sealed class ClientContext
{
    private readonly Channel<InboundItem> _inbound = Channel.CreateUnbounded<InboundItem>();

    /// <summary>Where commits go; encrypted.</summary>
    public required IJournal Journal { get; init; }

    /// <summary>This device's keys.</summary>
    public required LocalDevice Device { get; init; }

    /// <summary>This account's signed record.</summary>
    public required AccountRecord Account { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Randomness.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>Where to log.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The present link.</summary>
    public required LinkBoard Board { get; init; }

    /// <summary>Opens links.</summary>
    public required NodeConnector Connector { get; init; }

    /// <summary>Has nodes prove what the control log has; null in a cluster without one.</summary>
    public LogWitness? Witness { get; set; }

    /// <summary>Which node is next.</summary>
    public required ReconnectPlan Plan { get; init; }

    /// <summary>How many one-time prekeys the directory should have.</summary>
    public required int PrekeyTarget { get; init; }

    /// <summary>This device's private prekeys.</summary>
    public PrekeyVault Prekeys { get; } = new();

    /// <summary>Counts and connection, for the status.</summary>
    public ClientCounters Counters { get; } = new();

    /// <summary>What outlives the session actors, by conversation.</summary>
    public ConcurrentDictionary<ConversationKey, SessionDesk> Desks { get; } = [];

    /// <summary>Whether everything stored was read, so that messages may come in.</summary>
    public bool MayConnect { get; set; }

    /// <summary>Ends when contacts and prekeys are read; fails if they cannot be.</summary>
    public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the directory has this account's record; fails if it never will.</summary>
    public TaskCompletionSource Published { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Keeps the link.</summary>
    public IActorRef Link { get; set; } = null!;

    /// <summary>Keeps and publishes the prekeys.</summary>
    public IActorRef PrekeyKeeper { get; set; } = null!;

    /// <summary>Knows the peers.</summary>
    public IActorRef ContactKeeper { get; set; } = null!;

    /// <summary>Has the sessions.</summary>
    public IActorRef Sessions { get; set; } = null!;

    /// <summary>Called for everything the application may want to know.</summary>
    public Action<ClientEvent> Report { get; set; } = static _ => { };

    /// <summary>
    /// Name of a conversation's stream. It is keyed, since names stay open on the disk and must not tell who the
    /// peers are.
    /// </summary>
    public string StreamOf(ConversationKey key)
    {
        Span<byte> nameKey = stackalloc byte[HkdfSha256.HashSize];
        HkdfSha256.DeriveKey(Device.IdentityKey.Span, default, "SigmaComms/1 stream names"u8, nameKey);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(nameKey, [.. key.Account.Value.ToArray(), .. key.Device.Value.ToArray()], hash);
        CryptographicOperations.ZeroMemory(nameKey);
        return $"conversation/{Convert.ToHexStringLower(hash[..16])}";
    }

    /// <summary>What came for the application, in order per conversation.</summary>
    public ChannelReader<InboundItem> Inbound => _inbound.Reader;

    /// <summary>Gives an item to the application.</summary>
    public void HandOver(ConversationKey key, string peer, InboxItem item)
    {
        Counters.CountReceived();
        _inbound.Writer.TryWrite(InboundItem.Of(key, peer, item));
    }

    /// <summary>Nothing more comes.</summary>
    public void CloseInbound() => _inbound.Writer.TryComplete();
}
