namespace SigmaComms.Actors.Supervision;

/// <summary>The children of one actor; the actor changes it, anybody may read it.</summary>
internal sealed class ChildTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ActorCell> _byName = new(StringComparer.Ordinal);
    private long _anonymous;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _byName.Count == 0;
            }
        }
    }

    public ActorCell[] All()
    {
        lock (_gate)
        {
            return [.. _byName.Values];
        }
    }

    public ActorCell? Find(string name)
    {
        lock (_gate)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    public ActorCell Add(string? name, Func<string, ActorCell> make)
    {
        lock (_gate)
        {
            string unique = name ?? $"${++_anonymous}";
            if (name is not null && (name.Length == 0 || name[0] == '$' || name.AsSpan().ContainsAny('/', '#')))
            {
                throw new ArgumentException($"'{name}' is not a name for an actor: no '/', '#', or leading '$'.");
            }

            if (_byName.ContainsKey(unique))
            {
                throw new ArgumentException($"The name '{unique}' is taken until the parent has seen its end.");
            }

            ActorCell cell = make(unique);
            _byName.Add(unique, cell);
            return cell;
        }
    }

    public void Remove(ActorCell child)
    {
        lock (_gate)
        {
            _byName.Remove(child.Path.Name);
        }
    }
}
