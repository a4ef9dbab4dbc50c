using SigmaComms.Actors;
using SigmaComms.Client.Links;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Sessions;

/// <summary>
/// Tells the mailbox which messages are durable here. At once after a quiet time; in a burst many together, since each
/// telling costs a frame to every node.
/// </summary>
internal sealed class AcknowledgeLane(ClientContext client)
{
    private const int TogetherMax = 128;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly List<Digest16> _waiting = [];

    /// <summary>These are durable.</summary>
    public void Add(IReadOnlyList<Digest16> ids, IActorContext actor)
    {
        if (ids.Count == 0)
        {
            return;
        }

        _waiting.AddRange(ids);
        bool isBurst = actor.Timers.IsActive(nameof(AcknowledgeDue));
        if (!isBurst || _waiting.Count >= TogetherMax)
        {
            Flush(actor);
        }
    }

    /// <summary>
    /// Tells what waits. If that is lost, the mailbox sends the messages again, and they are told again.
    /// </summary>
    public void Flush(IActorContext actor)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        if (!TryTell() && client.Board.Current is { } connection)
        {
            actor.PipeToSelf(
                SendAsync(connection, new Acknowledge([.. _waiting]), actor.StopToken),
                static _ => new Ignored(),
                static _ => new Ignored());
        }

        _waiting.Clear();
        actor.Timers.StartSingle(nameof(AcknowledgeDue), new AcknowledgeDue(), Pause);
    }

    /// <summary>Tells what waits if that needs no waiting.</summary>
    public bool TryTell() => _waiting.Count == 0
        || client.Board.Current is { } connection && connection.Link.TrySend(new Acknowledge([.. _waiting]));

    private static async Task<bool> SendAsync(NodeConnection connection, Acknowledge acknowledge, CancellationToken ct)
    {
        await connection.Link.SendAsync(acknowledge, ct);
        return true;
    }

    /// <summary>The pause of a burst is over.</summary>
    internal sealed record AcknowledgeDue;

    /// <summary>Nothing follows from the end of a send.</summary>
    internal sealed record Ignored;
}
