namespace SigmaComms.Actors;

/// <summary>Messages for whoever is interested, by type, within one system.</summary>
/// <remarks>Safe to call from any thread.</remarks>
public sealed class EventStream
{
    private readonly Lock _gate = new();
    private (Type Type, IActorRef Subscriber)[] _subscriptions = [];

    /// <summary>Sends all later events of the type, or a type derived from it, to the actor.</summary>
    /// <param name="subscriber">Who is interested.</param>
    /// <param name="type">In what.</param>
    public void Subscribe(IActorRef subscriber, Type type)
    {
        lock (_gate)
        {
            if (!_subscriptions.Contains((type, subscriber)))
            {
                _subscriptions = [.. _subscriptions, (type, subscriber)];
                (subscriber as ActorCell)?.NoteSubscription();
            }
        }
    }

    /// <summary>Ends all subscriptions of the actor.</summary>
    /// <param name="subscriber">Who is no longer interested.</param>
    public void Unsubscribe(IActorRef subscriber)
    {
        lock (_gate)
        {
            _subscriptions = [.. _subscriptions.Where(entry => !entry.Subscriber.Equals(subscriber))];
        }
    }

    /// <summary>Ends the actor's subscription to one type; those to others stay.</summary>
    /// <param name="subscriber">Who is no longer interested.</param>
    /// <param name="type">In what.</param>
    public void Unsubscribe(IActorRef subscriber, Type type)
    {
        lock (_gate)
        {
            _subscriptions =
            [
                .. _subscriptions.Where(entry => entry.Type != type || !entry.Subscriber.Equals(subscriber)),
            ];
        }
    }

    /// <summary>Sends an event to all that are interested, once each.</summary>
    /// <param name="message">The event.</param>
    /// <returns>Whether anybody took it.</returns>
    public bool Publish(object message)
    {
        bool taken = false;
        (Type Type, IActorRef Subscriber)[] subscriptions = Volatile.Read(ref _subscriptions);
        for (int i = 0; i < subscriptions.Length; i++)
        {
            (Type type, IActorRef subscriber) = subscriptions[i];
            if (!type.IsInstanceOfType(message) || AlreadySent(subscriptions, i, message))
            {
                continue;
            }

            SendResult sent = subscriber.TryTell(message);
            taken |= sent == SendResult.Accepted;
            if (sent == SendResult.Terminated)
            {
                Unsubscribe(subscriber);
            }
        }

        return taken;
    }

    /// <summary>Whether anybody would get an event of the type: frequent events are made only for somebody.</summary>
    internal bool IsWanted(Type type)
    {
        foreach ((Type wanted, _) in Volatile.Read(ref _subscriptions))
        {
            if (wanted.IsAssignableFrom(type))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AlreadySent((Type Type, IActorRef Subscriber)[] subscriptions, int index, object message)
    {
        for (int i = 0; i < index; i++)
        {
            if (subscriptions[i].Subscriber.Equals(subscriptions[index].Subscriber)
                && subscriptions[i].Type.IsInstanceOfType(message))
            {
                return true;
            }
        }

        return false;
    }
}
