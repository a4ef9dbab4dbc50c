namespace SigmaComms.Actors.TestKit.Logs;

/// <summary>An expectation about what is logged.</summary>
public sealed class EventFilter
{
    private const int ShownMax = 20;

    private readonly TestSystem _system;
    private readonly TestLog _log;
    private readonly string _what;
    private readonly Predicate<LoggedLine> _fits;

    internal EventFilter(TestSystem system, TestLog log, string what, Predicate<LoggedLine> fits)
    {
        _system = system;
        _log = log;
        _what = what;
        _fits = fits;
    }

    /// <summary>Makes sure that exactly one such line is logged.</summary>
    /// <param name="action">What leads to it; all turns that follow from it run too.</param>
    /// <returns>The line.</returns>
    /// <exception cref="ProbeException">None is, or more.</exception>
    public LoggedLine ExpectOne(Action action) => Expect(1, action)[0];

    /// <summary>Makes sure that no such line is logged.</summary>
    /// <param name="action">What must not lead to it; all turns that follow from it run too.</param>
    /// <exception cref="ProbeException">One is.</exception>
    public void ExpectNone(Action action) => Expect(0, action);

    /// <summary>Makes sure that exactly so many such lines are logged.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">What leads to them; all turns that follow from it run too.</param>
    /// <returns>The lines.</returns>
    /// <exception cref="ProbeException">More or less are.</exception>
    public IReadOnlyList<LoggedLine> Expect(int count, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        List<LoggedLine> lines = [];
        _log.Listen(lines);
        try
        {
            action();
            _system.RunUntilIdle();
        }
        finally
        {
            _log.Leave(lines);
        }

        LoggedLine[] fitting = [.. lines.Where(line => _fits(line))];
        if (fitting.Length == count)
        {
            return fitting;
        }

        string all = lines.Count == 0
            ? "Nothing was logged."
            : $"Logged: {string.Join("; ", lines.Take(ShownMax))}{(lines.Count > ShownMax ? "; ..." : string.Empty)}";
        throw new ProbeException($"Expected {_what} {count} times, got it {fitting.Length} times. {all}");
    }
}
