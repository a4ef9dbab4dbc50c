using SigmaComms.Actors.Mailboxes;

namespace SigmaComms.Actors.Supervision;

/// <summary>
/// The children of one actor, in the order they were made: a ring through the cells, and a table of those with names.
/// The actor changes it, anybody may read it.
/// </summary>
internal sealed class ChildTable
{
    private readonly Lock _gate = new();
    private Dictionary<string, ActorCell>? _byName;
    private ActorCell? _first;
    private ActorCell? _last;
    private int _count;
    private bool _suspended;
    private bool _closed;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _count == 0;
            }
        }
    }

    public ActorCell[] All()
    {
        lock (_gate)
        {
            ActorCell[] all = new ActorCell[_count];
            int i = 0;
            for (ActorCell? cell = _first; cell is not null; cell = cell.NextSibling)
            {
                all[i++] = cell;
            }

            return all;
        }
    }

    public ActorCell? Find(string name)
    {
        lock (_gate)
        {
            if (_byName?.TryGetValue(name, out ActorCell? named) == true)
            {
                return named;
            }
        }

        return name.StartsWith('$') ? Array.Find(All(), cell => cell.Name == name) : null;
    }

    /// <summary>Makes a child. It is in the table unless the table is closed; then it shall never begin.</summary>
    public bool TryAdd(string? name, Func<ActorCell> make, out ActorCell cell)
    {
        if (name is not null && (name.Length == 0 || name[0] == '$' || name.AsSpan().ContainsAny('/', '#')))
        {
            throw new ArgumentException($"'{name}' is not a name for an actor: no '/', '#', or leading '$'.");
        }

        lock (_gate)
        {
            if (name is not null && !_closed && _byName?.ContainsKey(name) == true)
            {
                throw new ArgumentException($"The name '{name}' is taken until the parent has seen its end.");
            }

            cell = make();
            if (_closed)
            {
                return false;
            }

            if (name is not null)
            {
                (_byName ??= new Dictionary<string, ActorCell>(StringComparer.Ordinal)).Add(name, cell);
            }

            Link(cell);
            if (_suspended)
            {
                cell.PostSystem(new SystemMessage(SystemMessageKind.Suspend));
            }

            return true;
        }
    }

    public bool Contains(ActorCell child)
    {
        lock (_gate)
        {
            return IsLinked(child);
        }
    }

    public void Remove(ActorCell child)
    {
        lock (_gate)
        {
            if (IsLinked(child))
            {
                Unlink(child);
                _byName?.Remove(child.Name);
            }
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Suspends or wakes all children, and those to come.</summary>
    public void SetSuspended(bool suspended)
    {
        lock (_gate)
        {
            if (_suspended == suspended)
            {
                return;
            }

            _suspended = suspended;
            SystemMessageKind kind = suspended
                ? SystemMessageKind.Suspend
                : SystemMessageKind.Unsuspend;
            for (ActorCell? cell = _first; cell is not null; cell = cell.NextSibling)
            {
                cell.PostSystem(new SystemMessage(kind));
            }
        }
    }

    private bool IsLinked(ActorCell child) =>
        ReferenceEquals(_first, child) || child.PreviousSibling is not null;

    private void Link(ActorCell cell)
    {
        cell.PreviousSibling = _last;
        if (_last is null)
        {
            _first = cell;
        }
        else
        {
            _last.NextSibling = cell;
        }

        _last = cell;
        _count++;
    }

    private void Unlink(ActorCell cell)
    {
        if (cell.PreviousSibling is { } before)
        {
            before.NextSibling = cell.NextSibling;
        }
        else
        {
            _first = cell.NextSibling;
        }

        if (cell.NextSibling is { } after)
        {
            after.PreviousSibling = cell.PreviousSibling;
        }
        else
        {
            _last = cell.PreviousSibling;
        }

        cell.PreviousSibling = null;
        cell.NextSibling = null;
        _count--;
    }
}
