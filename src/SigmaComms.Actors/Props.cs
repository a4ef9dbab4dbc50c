namespace SigmaComms.Actors;

/// <summary>The recipe of an actor: how to make an instance and which mailbox it has.</summary>
public sealed record Props
{
    private Props(Func<ActorBase> factory, Type type)
    {
        Factory = factory;
        ActorType = type;
    }

    internal Func<ActorBase> Factory { get; }

    internal Type ActorType { get; }

    internal int? MailboxCapacity { get; private init; }

    internal Overflow MailboxOverflow { get; private init; }

    internal long MailboxBytesMax { get; private init; }

    internal Func<object, int>? MessageSizer { get; private init; }

    internal Dispatcher? Dispatcher { get; private init; }

    internal TimeSpan? StopTimeout { get; private init; }

    /// <summary>An actor with a constructor without parameters.</summary>
    /// <typeparam name="T">The actor.</typeparam>
    public static Props Create<T>()
        where T : ActorBase, new() => new(() => new T(), typeof(T));

    /// <summary>An actor from a factory, which is called again at every restart.</summary>
    /// <typeparam name="T">The actor.</typeparam>
    /// <param name="factory">Must give a new instance at every call.</param>
    public static Props Create<T>(Func<T> factory)
        where T : ActorBase => new(factory, typeof(T));

    /// <summary>Another bound for the mailbox.</summary>
    /// <param name="capacity">Messages, at least 1.</param>
    /// <param name="overflow">What happens when it is full.</param>
    public Props WithMailbox(int capacity, Overflow overflow = Overflow.Reject)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return this with
        {
            MailboxCapacity = capacity, MailboxOverflow = overflow, MailboxBytesMax = 0, MessageSizer = null,
        };
    }

    /// <summary>
    /// Another bound for the mailbox, in messages and in bytes. A message above all the bytes is refused with
    /// <see cref="SendResult.TooLarge"/>; one that finds too few of them left meets a full mailbox.
    /// </summary>
    /// <param name="capacity">Messages, at least 1.</param>
    /// <param name="overflow">What happens when it is full.</param>
    /// <param name="maxBytes">Bytes of all messages that wait, at least 1.</param>
    /// <param name="sizer">
    /// The bytes of a message, at least 0; called once for each, on the sender's thread. A message for which it throws
    /// is too large. Poison pills and what the runtime sends weigh nothing.
    /// </param>
    public Props WithMailbox(int capacity, Overflow overflow, long maxBytes, Func<object, int> sizer)
    {
        ArgumentNullException.ThrowIfNull(sizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return WithMailbox(capacity, overflow) with { MailboxBytesMax = maxBytes, MessageSizer = sizer };
    }

    /// <summary>Turns elsewhere than on the thread pool with all others.</summary>
    /// <param name="dispatcher">Where.</param>
    public Props WithDispatcher(Dispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return this with { Dispatcher = dispatcher };
    }

    /// <summary>Another bound for the wait for a pending handler when the actor stops or restarts.</summary>
    /// <param name="timeout">More than zero.</param>
    public Props WithStopTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return this with { StopTimeout = timeout };
    }
}
