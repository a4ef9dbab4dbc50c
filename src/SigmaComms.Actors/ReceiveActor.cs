namespace SigmaComms.Actors;

/// <summary>An actor that declares a handler for each type of message; the first that fits handles it.</summary>
public abstract class ReceiveActor : ActorBase
{
    private readonly Stack<ReceiveTable> _behaviors = new();
    private ReceiveTable _table = new();

    /// <summary>Handles messages of a type.</summary>
    /// <typeparam name="T">The type or a base type of the message.</typeparam>
    /// <param name="handler">The handler.</param>
    protected void Receive<T>(Action<T> handler) => _table.Add(typeof(T), null, message =>
    {
        handler((T)message);
        return ValueTask.CompletedTask;
    });

    /// <summary>Handles those messages of a type that the predicate accepts.</summary>
    /// <typeparam name="T">The type or a base type of the message.</typeparam>
    /// <param name="predicate">Which ones.</param>
    /// <param name="handler">The handler.</param>
    protected void Receive<T>(Predicate<T> predicate, Action<T> handler) =>
        _table.Add(typeof(T), message => predicate((T)message), message =>
        {
            handler((T)message);
            return ValueTask.CompletedTask;
        });

    /// <summary>Handles messages of a type; no other message runs until the handler has ended.</summary>
    /// <typeparam name="T">The type or a base type of the message.</typeparam>
    /// <param name="handler">The handler.</param>
    protected void ReceiveAsync<T>(Func<T, ValueTask> handler) =>
        _table.Add(typeof(T), null, message => handler((T)message));

    /// <summary>Handles what no handler before it fitted.</summary>
    /// <param name="handler">The handler.</param>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Replaces the current handlers.</summary>
    /// <param name="configure">Declares the new handlers.</param>
    protected void Become(Action configure) => _table = Configure(configure);

    /// <summary>Puts new handlers on top of the current ones.</summary>
    /// <param name="configure">Declares the new handlers.</param>
    protected void BecomeStacked(Action configure)
    {
        ReceiveTable current = _table;
        _table = Configure(configure);
        _behaviors.Push(current);
    }

    /// <summary>Goes back to the handlers below; at the bottom it does nothing.</summary>
    protected void UnbecomeStacked()
    {
        if (_behaviors.TryPop(out ReceiveTable? below))
        {
            _table = below;
        }
    }

    /// <inheritdoc/>
    protected sealed override ValueTask OnReceive(object message)
    {
        Func<object, ValueTask>? handler = _table.Find(message);
        if (handler is null)
        {
            Unhandled(message);
            return ValueTask.CompletedTask;
        }

        return handler(message);
    }

    private ReceiveTable Configure(Action configure)
    {
        ReceiveTable before = _table;
        ReceiveTable made = new();
        _table = made;
        try
        {
            configure();
        }
        finally
        {
            _table = before;
        }

        return made;
    }
}
