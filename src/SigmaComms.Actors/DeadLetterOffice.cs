using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors;

/// <summary>Counts what nobody handles, and writes at most one line a second for each kind of it.</summary>
public sealed class DeadLetterOffice
{
    private const int KeysMax = 10_000;

    private readonly Dictionary<(string Recipient, Type Type, string Reason), Line> _lines = [];
    private readonly Lock _gate = new();
    private readonly EventStream _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _count;

    internal DeadLetterOffice(EventStream events, TimeProvider time, ILogger logger)
    {
        _events = events;
        _time = time;
        _logger = logger;
    }

    /// <summary>Dead letters so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Dead letters of one recipient so far, by its path without uid.</summary>
    /// <param name="elements">The path's elements.</param>
    public long CountOf(string elements)
    {
        lock (_gate)
        {
            return _lines.Where(pair => pair.Key.Recipient == elements).Sum(pair => pair.Value.Total);
        }
    }

    internal void Publish(object message, IActorRef? sender, IActorRef recipient, string reason)
    {
        Interlocked.Increment(ref _count);
        (bool due, long since) = Note((recipient.Path.Elements, message.GetType(), reason));
        if (due)
        {
            _logger.DeadLetters(since, message.GetType().Name, recipient.Path.Elements, reason);
        }

        if (message is not DeadLetter)
        {
            _events.Publish(new DeadLetter(message, sender, recipient, reason));
        }
    }

    private (bool Due, long Since) Note((string Recipient, Type Type, string Reason) key)
    {
        long now = _time.GetTimestamp();
        lock (_gate)
        {
            if (!_lines.TryGetValue(key, out Line? line))
            {
                if (_lines.Count >= KeysMax)
                {
                    _lines.Clear();
                }

                _lines[key] = new Line { Total = 1, Written = now };
                return (true, 1);
            }

            line.Total++;
            line.Unwritten++;
            if (_time.GetElapsedTime(line.Written, now) < TimeSpan.FromSeconds(1))
            {
                return (false, 0);
            }

            long since = line.Unwritten;
            line.Unwritten = 0;
            line.Written = now;
            return (true, since);
        }
    }

    private sealed class Line
    {
        public long Total { get; set; }

        public long Unwritten { get; set; }

        public long Written { get; set; }
    }
}
