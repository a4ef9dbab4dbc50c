using System.Runtime.CompilerServices;
using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors;

/// <summary>
/// The reference to an actor that does not live in this system. It carries the watches and asks of this system's
/// actors; who derives from it brings the messages over, and tells when the actor has ended or cannot be reached.
/// </summary>
/// <remarks>Safe to call from any thread. Two references to one actor must be the same object.</remarks>
public abstract class ForeignActorRef : IActorRef, IAskTarget
{
    private readonly Lock _gate = new();
    private readonly HashSet<ActorCell> _watchers = [];
    private readonly HashSet<AskPromise> _asks = [];
    private bool _ended;

    /// <summary>Makes a reference for the actors of a system.</summary>
    /// <param name="system">The system in which it is used.</param>
    protected ForeignActorRef(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        System = system;
    }

    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <summary>The system in which it is used.</summary>
    protected internal ActorSystem System { get; }

    /// <summary>Whether the actor is known to have ended.</summary>
    protected bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Whether a reference is an actor, which can be watched, rather than the sender of an ask.</summary>
    /// <param name="reference">The reference.</param>
    public static bool IsActor(IActorRef reference) => reference is ActorCell or ForeignActorRef;

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender = null) => TryTell(message, sender);

    /// <inheritdoc/>
    public abstract SendResult TryTell(object message, IActorRef? sender = null);

    /// <inheritdoc/>
    public abstract ValueTask<SendResult> TellAsync(
        object message, IActorRef? sender = null, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public override string ToString() => Path.ToString();

    bool IAskTarget.TryAddAsk(AskPromise ask)
    {
        lock (_gate)
        {
            return !_ended && _asks.Add(ask);
        }
    }

    void IAskTarget.RemoveAsk(AskPromise ask)
    {
        lock (_gate)
        {
            _asks.Remove(ask);
        }

        AskEnded(ask);
    }

    internal static ForeignActorRef Of(IActorRef actor) => actor as ForeignActorRef
        ?? throw new ArgumentException($"{actor.Path} is not an actor.", nameof(actor));

    internal static IActorRef RequireActor(IActorRef actor) => IsActor(actor)
        ? actor
        : throw new ArgumentException($"{actor.Path} is not an actor.", nameof(actor));

    internal void AddWatcher(ActorCell watcher)
    {
        bool first;
        lock (_gate)
        {
            if (_ended)
            {
                first = false;
            }
            else
            {
                _watchers.Add(watcher);
                first = _watchers.Count == 1;
                watcher = null!;
            }
        }

        if (watcher is not null)
        {
            Notify(watcher);
        }
        else if (first)
        {
            WatchChanged();
        }
    }

    internal void RemoveWatcher(ActorCell watcher)
    {
        bool last;
        lock (_gate)
        {
            last = _watchers.Remove(watcher) && _watchers.Count == 0 && !_ended;
        }

        if (last)
        {
            WatchChanged();
        }
    }

    /// <summary>Whether any actor of this system watches it now.</summary>
    protected bool IsWatched
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count > 0;
            }
        }
    }

    /// <summary>The first watcher came, or the last one went; <see cref="IsWatched"/> tells which.</summary>
    protected abstract void WatchChanged();

    /// <summary>An ask has its answer, its time-out, or was given up.</summary>
    /// <param name="asker">The sender of the question, to which nothing more needs to be brought.</param>
    protected abstract void AskEnded(IActorRef asker);

    /// <summary>
    /// The actor has ended: each watcher gets its one <see cref="Terminated"/>, and every ask fails. What comes later
    /// is told at once. May be called again, without effect.
    /// </summary>
    protected void AnnounceEnd()
    {
        ActorCell[] watchers;
        AskPromise[] asks;
        lock (_gate)
        {
            _ended = true;
            watchers = [.. _watchers];
            asks = [.. _asks];
            _watchers.Clear();
        }

        Array.ForEach(watchers, Notify);
        Array.ForEach(asks, static ask => ask.FailTerminated());
    }

    /// <summary>No answer can come for the questions asked so far; watches go on.</summary>
    /// <param name="reason">Why, for people.</param>
    protected void FailAsks(string reason)
    {
        AskPromise[] asks;
        lock (_gate)
        {
            asks = [.. _asks];
        }

        Array.ForEach(asks, ask => ask.FailUnreachable(reason));
    }

    /// <summary>Makes a message that could not be brought over a dead letter.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sent it, or null.</param>
    /// <param name="reason">Why, for people.</param>
    protected void LeaveUndelivered(object message, IActorRef? sender, string reason) =>
        System.DeadLetters.Publish(message, sender, this, reason);

    private void Notify(ActorCell watcher) => watcher.PostNotice(new RuntimeNotice(RuntimeNoticeKind.Death, this));
}
