namespace SigmaComms.Actors.TestKit;

/// <summary>An actor that records what it gets, for a test to look at.</summary>
public sealed class TestProbe
{
    private readonly TestSystem _system;
    private readonly Queue<(object Message, IActorRef? Sender)> _received = new();

    internal TestProbe(TestSystem system, string name)
    {
        _system = system;
        Ref = system.ActorOf(Props.Create(() => new Recorder(this)), name);
    }

    /// <summary>Its address.</summary>
    public IActorRef Ref { get; }

    /// <summary>Who sent the message that was looked at last.</summary>
    public IActorRef? LastSender { get; private set; }

    /// <summary>Messages recorded and not yet looked at.</summary>
    public int Waiting
    {
        get
        {
            _system.RunUntilIdle();
            return _received.Count;
        }
    }

    /// <summary>The next message, which must be of the type.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="ProbeException">There is none, or it is of another type.</exception>
    public T ExpectMessage<T>()
    {
        _system.RunUntilIdle();
        if (!_received.TryDequeue(out (object Message, IActorRef? Sender) next))
        {
            throw new ProbeException($"{Ref.Path} expected a {typeof(T).Name} and got nothing.");
        }

        LastSender = next.Sender;
        return next.Message is T fitting
            ? fitting
            : throw new ProbeException($"{Ref.Path} expected a {typeof(T).Name} and got {next.Message}.");
    }

    /// <summary>The next message, which must be equal to the given one.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="expected">The message.</param>
    /// <exception cref="ProbeException">There is none, or it is another.</exception>
    public T ExpectMessage<T>(T expected)
    {
        T message = ExpectMessage<T>();
        return EqualityComparer<T>.Default.Equals(message, expected)
            ? message
            : throw new ProbeException($"{Ref.Path} expected {expected} and got {message}.");
    }

    /// <summary>Makes sure that nothing has come, and nothing comes within the time.</summary>
    /// <param name="within">How far to move the clock, or null for not at all.</param>
    /// <exception cref="ProbeException">Something came.</exception>
    public void ExpectNoMessage(TimeSpan? within = null)
    {
        _system.Advance(within ?? TimeSpan.Zero);
        if (_received.TryDequeue(out (object Message, IActorRef? Sender) next))
        {
            throw new ProbeException($"{Ref.Path} expected nothing and got {next.Message}.");
        }
    }

    /// <summary>The next message, which must be the notice of the actor's end.</summary>
    /// <param name="actor">Who should have ended.</param>
    public Terminated ExpectTerminated(IActorRef actor)
    {
        Terminated notice = ExpectMessage<Terminated>();
        return notice.Actor.Equals(actor)
            ? notice
            : throw new ProbeException($"{Ref.Path} expected the end of {actor.Path}, not of {notice.Actor.Path}.");
    }

    /// <summary>The first message that fits; those before it are thrown away.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="fits">Which one, or null for the first of the type.</param>
    /// <exception cref="ProbeException">None fits.</exception>
    public T FishForMessage<T>(Predicate<T>? fits = null)
    {
        _system.RunUntilIdle();
        while (_received.TryDequeue(out (object Message, IActorRef? Sender) next))
        {
            LastSender = next.Sender;
            if (next.Message is T message && (fits is null || fits(message)))
            {
                return message;
            }
        }

        throw new ProbeException($"{Ref.Path} found no fitting {typeof(T).Name}.");
    }

    /// <summary>Answers the message that was looked at last.</summary>
    /// <param name="message">The answer.</param>
    public void Reply(object message)
    {
        (LastSender ?? throw new ProbeException("The last message had no sender.")).Tell(message, Ref);
        _system.RunUntilIdle();
    }

    /// <summary>Sends a message with the probe as its sender.</summary>
    /// <param name="to">Whom to.</param>
    /// <param name="message">The message.</param>
    public void Send(IActorRef to, object message)
    {
        to.Tell(message, Ref);
        _system.RunUntilIdle();
    }

    /// <summary>Begins to watch an actor.</summary>
    /// <param name="actor">Whom.</param>
    public void Watch(IActorRef actor) => Send(Ref, new WatchOrder(actor, true));

    /// <summary>Ends a watch.</summary>
    /// <param name="actor">Whom.</param>
    public void Unwatch(IActorRef actor) => Send(Ref, new WatchOrder(actor, false));

    private sealed record WatchOrder(IActorRef Actor, bool Begin);

    private sealed class Recorder(TestProbe probe) : UntypedActor
    {
        protected override void Handle(object message)
        {
            if (message is not WatchOrder order)
            {
                probe._received.Enqueue((message, Sender));
            }
            else if (order.Begin)
            {
                Context.Watch(order.Actor);
            }
            else
            {
                Context.Unwatch(order.Actor);
            }
        }
    }
}
