namespace SigmaComms.Simulation.Linearizability;

/// <summary>
/// Says whether what clients saw could have come from one machine that did one thing at a time. It tries every order
/// that the times allow, and never twice the same set of operations with the same state.
/// </summary>
/// <param name="initial">The state before the first operation; states compare by value.</param>
/// <param name="apply">The state after an operation, and what it answers.</param>
/// <param name="stepsMax">So many steps are tried at most.</param>
/// <standard>
/// J. Wing, C. Gong, Testing and verifying concurrent objects, 1993; with the memory of G. Lowe, Testing for
/// linearizability, 2017.
/// </standard>
internal sealed class LinearizabilityChecker<TState, TInput, TOutput>(
    TState initial, Func<TState, TInput, (TState State, TOutput Output)> apply, long stepsMax = 5_000_000)
    where TState : notnull
{
    /// <summary>Judges a history.</summary>
    /// <param name="history">In any order.</param>
    public Verdict Check(IReadOnlyList<Operation<TInput, TOutput>> history)
    {
        HistoryEntry head = Link(history);
        ulong[] done = new ulong[(history.Count + 63) / 64];
        HashSet<Seen> seen = [];
        Stack<(HistoryEntry Call, TState Before)> path = new();
        TState state = initial;
        int open = history.Count(operation => operation.Returned is not null);
        HistoryEntry? entry = head.After;
        for (long steps = 0; open > 0; steps++)
        {
            if (steps >= stepsMax)
            {
                return Verdict.Unknown;
            }

            // Only calls before the first return may come next; at a return that is still there the way ends.
            if (entry?.Return is not null)
            {
                Operation<TInput, TOutput> operation = history[entry.Operation];
                (TState after, TOutput output) = apply(state, operation.Input);

                // What was never answered and changes nothing need not have happened.
                bool fits = operation.Returned is null
                    ? !EqualityComparer<TState>.Default.Equals(after, state)
                    : EqualityComparer<TOutput>.Default.Equals(output, operation.Output);
                Flip(done, entry.Operation);
                if (fits && seen.Add(new Seen([.. done], after)))
                {
                    path.Push((entry, state));
                    state = after;
                    open -= operation.Returned is null ? 0 : 1;
                    entry.Lift();
                    entry = head.After;
                    continue;
                }

                Flip(done, entry.Operation);
                entry = entry.After;
                continue;
            }

            if (!path.TryPop(out (HistoryEntry Call, TState Before) last))
            {
                return Verdict.NotLinearizable;
            }

            state = last.Before;
            Flip(done, last.Call.Operation);
            open += history[last.Call.Operation].Returned is null ? 0 : 1;
            last.Call.Unlift();
            entry = last.Call.After;
        }

        return Verdict.Linearizable;
    }

    // Calls and returns by time; of one time the calls first, as then the operations may overlap.
    private static HistoryEntry Link(IReadOnlyList<Operation<TInput, TOutput>> history)
    {
        List<(long At, bool IsReturn, HistoryEntry Entry)> entries = [];
        for (int i = 0; i < history.Count; i++)
        {
            HistoryEntry returned = new(i);
            entries.Add((history[i].Invoked, false, new HistoryEntry(i) { Return = returned }));
            entries.Add((history[i].Returned ?? long.MaxValue, true, returned));
        }

        HistoryEntry head = new(-1);
        HistoryEntry last = head;
        foreach ((_, _, HistoryEntry entry) in entries.OrderBy(e => e.At).ThenBy(e => e.IsReturn))
        {
            last.After = entry;
            entry.Before = last;
            last = entry;
        }

        return head;
    }

    private static void Flip(ulong[] bits, int index) => bits[index / 64] ^= 1UL << (index % 64);

    /// <summary>Operations that were put in order, and the state that they led to.</summary>
    private readonly struct Seen(ulong[] done, TState state) : IEquatable<Seen>
    {
        private readonly ulong[] _done = done;
        private readonly TState _state = state;

        public bool Equals(Seen other) =>
            _done.AsSpan().SequenceEqual(other._done)
            && EqualityComparer<TState>.Default.Equals(_state, other._state);

        public override bool Equals(object? obj) => obj is Seen other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (ulong word in _done)
            {
                hash.Add(word);
            }

            hash.Add(_state);
            return hash.ToHashCode();
        }
    }
}
