using SigmaComms.Actors.Supervision;

namespace SigmaComms.Actors.TestKit;

/// <summary>
/// An actor that records what it gets, for a test to look at. Every expectation first lets all turns run that are
/// due; it moves the clock only if it is given a time, or stands in a block of
/// <see cref="TestSystem.Within(TimeSpan, Action)"/>.
/// </summary>
public sealed class TestProbe
{
    private const int ShownMax = 5;

    private readonly TestSystem _system;
    private readonly Queue<ReceivedMessage> _received = new();
    private Predicate<object>? _ignored;
    private SupervisorStrategy? _strategy;

    internal TestProbe(TestSystem system, string name)
    {
        _system = system;
        Ref = system.ActorOf(Props.Create(() => new Recorder(this)), name);
    }

    /// <summary>Its address.</summary>
    public IActorRef Ref { get; }

    /// <summary>Who sent the message that was looked at last.</summary>
    public IActorRef? LastSender { get; private set; }

    /// <summary>The message that was looked at last, or null.</summary>
    public object? LastMessage { get; private set; }

    /// <summary>Messages recorded and not yet looked at.</summary>
    public int Waiting
    {
        get
        {
            _system.RunUntilIdle();
            return _received.Count;
        }
    }

    /// <summary>Whether a message is recorded that was not yet looked at.</summary>
    public bool HasMessages => Waiting > 0;

    /// <summary>The next message, which must be of the type.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">There is none, or it is of another type.</exception>
    public T ExpectMsg<T>(TimeSpan? within = null)
    {
        ReceivedMessage next = Next(typeof(T).Name, within);
        return next.Message is T fitting
            ? fitting
            : throw Failure($"expected {typeof(T).Name} and got {next}");
    }

    /// <summary>The next message, which must be equal to the given one.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="expected">The message.</param>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">There is none, or it is another.</exception>
    public T ExpectMsg<T>(T expected, TimeSpan? within = null)
        where T : notnull
    {
        ReceivedMessage next = Next($"{new ReceivedMessage(expected, null)}", within);
        return next.Message is T fitting && EqualityComparer<T>.Default.Equals(fitting, expected)
            ? fitting
            : throw Failure($"expected {new ReceivedMessage(expected, null)} and got {next}");
    }

    /// <summary>The next message, which must be of the type and fit.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="fits">What must hold of it.</param>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">There is none, or it does not fit.</exception>
    public T ExpectMsg<T>(Predicate<T> fits, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(fits);
        T message = ExpectMsg<T>(within);
        return fits(message)
            ? message
            : throw Failure($"got {new ReceivedMessage(message!, LastSender)}, which does not fit");
    }

    /// <summary>The next message, which must be of the type and from the given sender.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="sender">Who must have sent it.</param>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">There is none, or it is another.</exception>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(sender);
        T message = ExpectMsg<T>(within);
        return sender.Equals(LastSender)
            ? message
            : throw Failure($"expected it from {sender.Path.Elements} and got {Shown(message!, LastSender)}");
    }

    /// <summary>The next messages, which must be equal to the given ones, in any order.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="expected">The messages.</param>
    /// <returns>The messages as they came.</returns>
    /// <exception cref="ProbeException">One is missing, or another came.</exception>
    public IReadOnlyList<T> ExpectMsgAllOf<T>(params T[] expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        List<T> missing = [.. expected];
        List<T> got = [];
        while (missing.Count > 0)
        {
            T message = ExpectMsgAnyOf([.. missing]);
            missing.Remove(message);
            got.Add(message);
        }

        return got;
    }

    /// <summary>The next message, which must be equal to one of the given ones.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="expected">The messages.</param>
    /// <exception cref="ProbeException">There is none, or it is another.</exception>
    public T ExpectMsgAnyOf<T>(params T[] expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        string any = string.Join(" or ", expected.Select(static one => $"{new ReceivedMessage(one!, null)}"));
        ReceivedMessage next = Next(any, within: null);
        return next.Message is T fitting && expected.Contains(fitting)
            ? fitting
            : throw Failure($"expected {any} and got {next}");
    }

    /// <summary>Makes sure that nothing has come, and nothing comes within the time.</summary>
    /// <param name="within">How far to move the clock, or null for not at all.</param>
    /// <exception cref="ProbeException">Something came.</exception>
    public void ExpectNoMsg(TimeSpan? within = null)
    {
        _system.AdvanceUntil(() => _received.Count > 0, within ?? TimeSpan.Zero);
        if (TryDequeue(out ReceivedMessage next))
        {
            throw Failure($"expected nothing and got {next}");
        }
    }

    /// <summary>The next message, which must be the notice of the actor's end.</summary>
    /// <param name="actor">Who should have ended.</param>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">It did not come.</exception>
    public Terminated ExpectTerminated(IActorRef actor, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(actor);
        Terminated notice = ExpectMsg<Terminated>(within);
        return notice.Actor.Equals(actor)
            ? notice
            : throw Failure($"expected the end of {actor.Path}, not of {notice.Actor.Path}");
    }

    /// <summary>The first message that fits; those before it are thrown away.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="fits">Which one, or null for the first of the type.</param>
    /// <param name="within">How far to move the clock for it.</param>
    /// <exception cref="ProbeException">None fits.</exception>
    public T FishForMessage<T>(Predicate<T>? fits = null, TimeSpan? within = null)
    {
        DateTimeOffset end = _system.Time.GetUtcNow() + (within ?? _system.Remaining(TimeSpan.Zero));
        List<ReceivedMessage> thrownAway = [];
        while (TryReceive(end - _system.Time.GetUtcNow(), out ReceivedMessage next))
        {
            if (next.Message is T message && (fits is null || fits(message)))
            {
                return message;
            }

            thrownAway.Add(next);
        }

        throw Failure($"found no fitting {typeof(T).Name} among {Shown(thrownAway)}");
    }

    /// <summary>The next message, or null if none comes in time.</summary>
    /// <param name="within">How far to move the clock for it.</param>
    public object? ReceiveOne(TimeSpan? within = null) =>
        TryReceive(within ?? _system.Remaining(TimeSpan.Zero), out ReceivedMessage next) ? next.Message : null;

    /// <summary>The next messages.</summary>
    /// <param name="count">How many.</param>
    /// <param name="within">How far to move the clock for all of them.</param>
    /// <exception cref="ProbeException">Fewer come.</exception>
    public IReadOnlyList<object> ReceiveN(int count, TimeSpan? within = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        DateTimeOffset end = _system.Time.GetUtcNow() + (within ?? _system.Remaining(TimeSpan.Zero));
        List<ReceivedMessage> got = [];
        while (got.Count < count)
        {
            if (!TryReceive(end - _system.Time.GetUtcNow(), out ReceivedMessage next))
            {
                throw Failure($"expected {count} messages and got {got.Count}: {Shown(got)}");
            }

            got.Add(next);
        }

        return [.. got.Select(static received => received.Message)];
    }

    /// <summary>Messages that fit are not recorded from now on.</summary>
    /// <param name="which">Which.</param>
    public void IgnoreMessages(Predicate<object> which)
    {
        ArgumentNullException.ThrowIfNull(which);
        Predicate<object>? before = _ignored;
        _ignored = before is null ? which : message => before(message) || which(message);
    }

    /// <summary>Messages of the type are not recorded from now on.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public void IgnoreMessages<T>() => IgnoreMessages(static message => message is T);

    /// <summary>All messages are recorded again from now on.</summary>
    public void IgnoreNoMessages() => _ignored = null;

    /// <summary>Answers the message that was looked at last.</summary>
    /// <param name="message">The answer.</param>
    /// <exception cref="ProbeException">It had no sender.</exception>
    public void Reply(object message)
    {
        (LastSender ?? throw Failure("has nobody to reply to: the last message had no sender")).Tell(message, Ref);
        _system.RunUntilIdle();
    }

    /// <summary>Passes the message that was looked at last on, as from its own sender.</summary>
    /// <param name="to">Whom to.</param>
    /// <exception cref="ProbeException">No message was looked at.</exception>
    public void Forward(IActorRef to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Tell(LastMessage ?? throw Failure("has nothing to forward: no message was looked at"), LastSender);
        _system.RunUntilIdle();
    }

    /// <summary>Sends a message with the probe as its sender.</summary>
    /// <param name="to">Whom to.</param>
    /// <param name="message">The message.</param>
    public void Send(IActorRef to, object message)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Tell(message, Ref);
        _system.RunUntilIdle();
    }

    /// <summary>Begins to watch an actor.</summary>
    /// <param name="actor">Whom.</param>
    public void Watch(IActorRef actor) => Send(Ref, new Order(context => context.Watch(actor)));

    /// <summary>Ends a watch.</summary>
    /// <param name="actor">Whom.</param>
    public void Unwatch(IActorRef actor) => Send(Ref, new Order(context => context.Unwatch(actor)));

    /// <summary>Makes an actor whose parent the probe is: what it tells its parent is recorded.</summary>
    /// <param name="props">Its recipe.</param>
    /// <param name="name">Its name, or null.</param>
    /// <param name="strategy">How the probe supervises its children from now on; null for the default.</param>
    public IActorRef ChildActorOf(Props props, string? name = null, SupervisorStrategy? strategy = null)
    {
        _strategy = strategy;
        IActorRef? child = null;
        Send(Ref, new Order(context => child = context.ActorOf(props, name)));
        return child ?? throw Failure("has ended and can have no child");
    }

    /// <summary>
    /// The recipe of an actor that stands where another would: it passes all that it gets on to the probe, each as
    /// from its own sender.
    /// </summary>
    public Props StandIn() => Props.Create(() => new PassingOn(Ref));

    private static string Shown(object message, IActorRef? sender) => $"{new ReceivedMessage(message, sender)}";

    private static string Shown(IReadOnlyCollection<ReceivedMessage> messages) => messages.Count == 0
        ? "nothing"
        : string.Join(", ", messages.Take(ShownMax))
            + (messages.Count > ShownMax ? $" and {messages.Count - ShownMax} more" : string.Empty);

    private ReceivedMessage Next(string expected, TimeSpan? within)
    {
        TimeSpan limit = within ?? _system.Remaining(TimeSpan.Zero);
        return TryReceive(limit, out ReceivedMessage next)
            ? next
            : throw Failure($"expected {expected} and got nothing"
                + (limit > TimeSpan.Zero ? $" within {limit} of virtual time" : string.Empty));
    }

    private bool TryReceive(TimeSpan within, out ReceivedMessage next)
    {
        _system.AdvanceUntil(() => _received.Count > 0, within > TimeSpan.Zero ? within : TimeSpan.Zero);
        return TryDequeue(out next);
    }

    private bool TryDequeue(out ReceivedMessage next)
    {
        bool any = _received.TryDequeue(out next);
        if (any)
        {
            LastMessage = next.Message;
            LastSender = next.Sender;
        }

        return any;
    }

    private ProbeException Failure(string what) => new(
        $"{Ref.Path.Elements} {what}." + (_received.Count == 0 ? string.Empty : $" Then came {Shown(_received)}."));

    private sealed record Order(Action<IActorContext> Act);

    private sealed class Recorder(TestProbe probe) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy => probe._strategy ?? base.SupervisorStrategy;

        protected override void Handle(object message)
        {
            if (message is Order order)
            {
                order.Act(Context);
            }
            else if (probe._ignored?.Invoke(message) != true)
            {
                probe._received.Enqueue(new ReceivedMessage(message, Sender));
            }
        }
    }

    private sealed class PassingOn(IActorRef probe) : UntypedActor
    {
        protected override void Handle(object message) => probe.Tell(message, Sender);
    }
}
