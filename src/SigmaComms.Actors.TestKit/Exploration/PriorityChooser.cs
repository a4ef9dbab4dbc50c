using SigmaComms.Actors.TestKit.Simulation;

namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>
/// Probabilistic concurrency testing: every actor has a random priority, and at some random moments the one that
/// would be next becomes the last. A fault that needs d such orderings among n actors in k choices is found by one
/// run with a probability of at least 1 / (n * k^(d - 1)).
/// </summary>
/// <remarks>
/// Burckhardt, Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic Guarantees of Finding
/// Bugs", ASPLOS 2010.
/// </remarks>
internal sealed class PriorityChooser : IChooser
{
    private static readonly object Clock = new();
    private static readonly object Outside = new();

    private readonly Dictionary<object, ulong> _priorities = [];
    private readonly List<int> _changes = [];
    private readonly SplitMix _random;
    private readonly int _depth;
    private int _choices;

    /// <param name="seed">Of the priorities and the moments.</param>
    /// <param name="depth">One more than there are moments.</param>
    /// <param name="choicesExpected">About how many choices a run has.</param>
    public PriorityChooser(ulong seed, int depth, int choicesExpected)
    {
        _random = new SplitMix(seed);
        _depth = depth;
        for (int i = 1; i < depth; i++)
        {
            _changes.Add(_random.Below(Math.Max(1, choicesExpected)));
        }
    }

    public int Choose(IReadOnlyList<SimulationStep> due, int count)
    {
        int best = Best(due, count);
        for (int i = 0; i < _changes.Count; i++)
        {
            if (_changes[i] == _choices)
            {
                _priorities[KeyOf(due, best)] = (ulong)i;
                best = Best(due, count);
            }
        }

        _choices++;
        return best;
    }

    private static object KeyOf(IReadOnlyList<SimulationStep> due, int index) =>
        index == due.Count ? Clock : due[index].Owner ?? Outside;

    private int Best(IReadOnlyList<SimulationStep> due, int count)
    {
        int best = 0;
        ulong most = 0;
        for (int i = 0; i < count; i++)
        {
            ulong priority = PriorityOf(KeyOf(due, i));
            if (i == 0 || priority > most)
            {
                best = i;
                most = priority;
            }
        }

        return best;
    }

    // Above those that the changes give.
    private ulong PriorityOf(object key)
    {
        if (!_priorities.TryGetValue(key, out ulong priority))
        {
            priority = (_random.Next() >> 1) + (ulong)_depth;
            _priorities.Add(key, priority);
        }

        return priority;
    }
}
