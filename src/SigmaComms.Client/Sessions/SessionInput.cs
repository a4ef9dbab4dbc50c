using SigmaComms.Messaging.Links;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Sessions;

/// <summary>What a session handles in order, and anew after a restart if it was not committed.</summary>
internal abstract record SessionInput
{
    private SessionInput()
    {
    }

    /// <summary>Seal and send.</summary>
    public sealed record Send(Digest16 Id, EnvelopeKind Kind, ReadOnlyMemory<byte> Body, MessagePart Part)
        : SessionInput;

    /// <summary>Open what came from the mailbox.</summary>
    public sealed record Receive(InboundMessage Message) : SessionInput;

    /// <summary>The application has the message.</summary>
    public sealed record Mark(ulong Place, TaskCompletionSource Durable) : SessionInput;

    /// <summary>The cluster has the message.</summary>
    public sealed record DepositDone(Digest16 DepositId) : SessionInput;

    /// <summary>The prekeys this conversation used up are gone.</summary>
    public sealed record PrekeysForgotten : SessionInput;

    /// <summary>Tell the peer what has arrived.</summary>
    public sealed record SealReceipt : SessionInput;

    /// <summary>Seal again what the peer lacks.</summary>
    public sealed record SealAgain : SessionInput;

    /// <summary>The peer's account record lists this now; other keys block until they are accepted.</summary>
    public sealed record ObserveIdentity(RemoteDevice Remote) : SessionInput;

    /// <summary>Exactly this identity of the peer is trusted.</summary>
    public sealed record AcceptIdentity(RemoteDevice Expected) : SessionInput;
}
