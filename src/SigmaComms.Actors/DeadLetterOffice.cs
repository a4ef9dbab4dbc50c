using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors;

/// <summary>Counts what nobody handles, and writes at most one line a second for each kind of it.</summary>
public sealed class DeadLetterOffice
{
    private const int KeysMax = 10_000;
    private const string Others = "(others)";

    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Recipient, Type Type, string Reason), Line> _lines = [];
    private readonly Lock _gate = new();
    private readonly EventStream _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _timer;
    private bool _armed;
    private long _count;

    internal DeadLetterOffice(EventStream events, TimeProvider time, ILogger logger)
    {
        _events = events;
        _time = time;
        _logger = logger;
    }

    /// <summary>Dead letters so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Dead letters of one recipient; old ones are forgotten when there are very many kinds.</summary>
    /// <param name="elements">Its path without uid.</param>
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
        Note((recipient.Path.Elements, message.GetType(), reason));
        if (message is not DeadLetter)
        {
            _events.Publish(new DeadLetter(message, sender, recipient, reason));
        }
    }

    private void Note((string Recipient, Type Type, string Reason) key)
    {
        long due;
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            if (!_lines.TryGetValue(key, out Line? line))
            {
                key = MakeRoom(now) ? key : (Others, typeof(object), key.Reason);
                line = _lines.TryGetValue(key, out Line? known) ? known : _lines[key] = new Line();
            }

            line.Total++;
            line.Unwritten++;
            due = line.TakeDue(_time, now, WriteEvery);
            if (due == 0)
            {
                Arm();
            }
        }

        Write(key, due);
    }

    // Forgets what has been quiet for long. Returns false if all is still in use.
    private bool MakeRoom(long now)
    {
        if (_lines.Count < KeysMax)
        {
            return true;
        }

        foreach ((var key, Line line) in _lines)
        {
            if (line.Unwritten == 0 && line.Written is { } at && _time.GetElapsedTime(at, now) > ForgetAfter)
            {
                _lines.Remove(key);
            }
        }

        return _lines.Count < KeysMax;
    }

    // What came too soon after a line is written a second later, or the last burst would be missing from the log.
    private void Arm()
    {
        if (!_armed)
        {
            _armed = true;
            _timer ??= _time.CreateTimer(
                _ => WriteLate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(WriteEvery, Timeout.InfiniteTimeSpan);
        }
    }

    private void WriteLate()
    {
        List<((string Recipient, Type Type, string Reason) Key, long Count)> late = [];
        lock (_gate)
        {
            _armed = false;
            long now = _time.GetTimestamp();
            foreach ((var key, Line line) in _lines)
            {
                long due = line.TakeDue(_time, now, WriteEvery);
                if (due > 0)
                {
                    late.Add((key, due));
                }
                else if (line.Unwritten > 0)
                {
                    Arm();
                }
            }
        }

        late.ForEach(entry => Write(entry.Key, entry.Count));
    }

    private void Write((string Recipient, Type Type, string Reason) key, long count)
    {
        if (count > 0)
        {
            _logger.DeadLetters(count, key.Type.Name, key.Recipient, key.Reason);
        }
    }

    private sealed class Line
    {
        public long Total { get; set; }

        public long Unwritten { get; set; }

        public long? Written { get; private set; }

        /// <summary>How many to write now; zero if there is nothing, or the last line is too young.</summary>
        public long TakeDue(TimeProvider time, long now, TimeSpan every)
        {
            if (Unwritten == 0 || (Written is { } at && time.GetElapsedTime(at, now) < every))
            {
                return 0;
            }

            long due = Unwritten;
            Unwritten = 0;
            Written = now;
            return due;
        }
    }
}
