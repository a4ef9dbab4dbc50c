namespace SigmaComms.Actors;

/// <summary>Handlers in the order of their declaration, found by the message's type.</summary>
internal sealed class ReceiveTable
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<Type, Entry[]> _byType = [];

    public void Add(Type type, Predicate<object>? predicate, Func<object, ValueTask> handler)
    {
        _entries.Add(new Entry(type, predicate, handler));
        _byType.Clear();
    }

    public Func<object, ValueTask>? Find(object message)
    {
        Type type = message.GetType();
        if (!_byType.TryGetValue(type, out Entry[]? fitting))
        {
            fitting = [.. _entries.Where(entry => entry.Type.IsAssignableFrom(type))];
            _byType[type] = fitting;
        }

        foreach (Entry entry in fitting)
        {
            if (entry.Predicate is null || entry.Predicate(message))
            {
                return entry.Handler;
            }
        }

        return null;
    }

    private sealed record Entry(Type Type, Predicate<object>? Predicate, Func<object, ValueTask> Handler);
}
