using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Namespace;

/// <summary>
/// One writer's changes that a state already shows though the log does not have them yet. They are undone when an
/// entry of somebody else comes first, and applied again after it. While nobody else writes, each is applied once.
/// </summary>
/// <remarks>As its state, not safe for use from two threads at once.</remarks>
public sealed class Foresight
{
    private readonly NamespaceState _state;
    private readonly NodeId _writer;
    private readonly List<ForeseenChange> _waiting = [];
    private List<ForeseenChange> _sent = [];
    private Digest _sentBody;

    internal Foresight(NamespaceState state, NodeId writer) => (_state, _writer) = (state, writer);

    /// <summary>Changes that no entry has been made of, the oldest first.</summary>
    public IReadOnlyList<ForeseenChange> Waiting => _waiting;

    /// <summary>The change that was added last and is not settled; null if there is none.</summary>
    public ForeseenChange? Newest => _waiting.Count > 0 ? _waiting[^1] : _sent.Count > 0 ? _sent[^1] : null;

    /// <summary>Whether an entry with changes is on its way.</summary>
    public bool IsSent => _sent.Count > 0;

    /// <summary>Whether the state shows nothing but what the log has.</summary>
    public bool IsEmpty => _sent.Count == 0 && _waiting.Count == 0;

    /// <summary>
    /// Whether the fate of what was sent is open and somebody else's entry took its ground away: until it is known, the
    /// state shows only what the log has, and nothing can be added.
    /// </summary>
    public bool IsStalled => _sent.Exists(static change => change.Steps is null);

    /// <summary>Applies operations, all or none, and keeps them for an entry.</summary>
    /// <param name="epoch">The epoch of the vault key that locks their new stripes.</param>
    /// <param name="operations">The operations, well formed.</param>
    /// <param name="change">The change, or null if they cannot count.</param>
    /// <exception cref="ArgumentException">An operation is not well formed.</exception>
    /// <exception cref="InvalidOperationException">It is stalled.</exception>
    public BatchOutcome Add(int epoch, IReadOnlyList<NamespaceOperation> operations, out ForeseenChange? change)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (IsStalled || !operations.All(OperationRules.IsWellFormed))
        {
            throw IsStalled
                ? new InvalidOperationException("What was sent has to be settled first.")
                : new ArgumentException("A field of an operation is out of its range.", nameof(operations));
        }

        ForeseenChange added = new(epoch, operations);
        _state.Store.IsForeseeing = true;
        BatchOutcome outcome = TryApply(added);
        change = outcome.Succeeded ? added : null;
        if (outcome.Succeeded)
        {
            _waiting.Add(added);
        }

        _state.Store.IsForeseeing = !IsEmpty;
        return outcome;
    }

    /// <summary>The oldest changes are in an entry that is on its way.</summary>
    /// <param name="count">How many.</param>
    /// <param name="body">What the entry holds.</param>
    internal void Send(int count, Digest body)
    {
        Invariant.Holds(!IsSent && count > 0);
        _sent = _waiting[..count];
        _waiting.RemoveRange(0, count);
        _sentBody = body;
    }

    /// <summary>The oldest change that waits cannot count.</summary>
    /// <param name="error">Why.</param>
    internal void FailFirst(Errno error)
    {
        Withdraw();
        (_waiting[0].Fate, _waiting[0].Error) = (ForeseenFate.Failed, error);
        _waiting.RemoveAt(0);
        Renew();
    }

    /// <summary>The entry that was sent will never count: its changes wait again.</summary>
    internal void Recall()
    {
        if (IsSent)
        {
            Withdraw();
            _waiting.InsertRange(0, _sent);
            _sent = [];
            Renew();
        }
    }

    /// <summary>Whether an entry is the one that was sent, and the state shows it already.</summary>
    /// <param name="writer">The entry's writer.</param>
    /// <param name="body">What the entry holds.</param>
    internal bool Expects(NodeId writer, Digest body) => !IsStalled && IsOfSent(writer, body);

    /// <summary>The entry that was sent counts, and nothing came between.</summary>
    internal void Confirm()
    {
        Settle();
        _state.Store.IsForeseeing = !IsEmpty;
    }

    /// <summary>Takes note of an entry that was applied while this was withdrawn.</summary>
    /// <param name="writer">The entry's writer.</param>
    /// <param name="body">What the entry holds.</param>
    /// <param name="counts">Whether it counts.</param>
    internal void Note(NodeId writer, Digest body, bool counts)
    {
        if (IsOfSent(writer, body) && counts)
        {
            Settle();
        }
        else if (IsOfSent(writer, body))
        {
            // Together they failed; each is tried for itself.
            _waiting.InsertRange(0, _sent);
            _sent = [];
        }
    }

    /// <summary>Lets the state show only what the log has.</summary>
    internal void Withdraw()
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            Undo(_waiting[i]);
        }

        for (int i = _sent.Count - 1; i >= 0; i--)
        {
            Undo(_sent[i]);
        }

        _state.Store.IsForeseeing = false;
    }

    /// <summary>Applies again what was undone; what cannot count any more has failed.</summary>
    internal void Renew()
    {
        _state.Store.IsForeseeing = !IsEmpty;

        // An entry counts whole or not at all, so that nothing may be built on a part of it.
        if (!_sent.TrueForAll(change => TryApply(change).Succeeded))
        {
            for (int i = _sent.Count - 1; i >= 0; i--)
            {
                Undo(_sent[i]);
            }

            return;
        }

        _waiting.RemoveAll(HasFailed);
        _state.Store.IsForeseeing = !IsEmpty;
    }

    /// <summary>Stripes that only a change which the log does not have released.</summary>
    internal IEnumerable<StripeId> Released() => _sent.Concat(_waiting)
        .SelectMany(static change => change.Steps ?? [])
        .Where(static step => step.Kind == UndoKind.Released)
        .Select(static step => (StripeId)step.Former!);

    private bool HasFailed(ForeseenChange change)
    {
        BatchOutcome outcome = TryApply(change);
        if (outcome.Succeeded)
        {
            return false;
        }

        (change.Fate, change.Error) = (ForeseenFate.Failed, outcome.Error);
        return true;
    }

    private BatchOutcome TryApply(ForeseenChange change)
    {
        BatchOutcome outcome = _state.TryApply(_writer, change.Epoch, change.Operations, out UndoStep[]? steps);
        change.Steps = steps;
        return outcome;
    }

    private void Undo(ForeseenChange change)
    {
        if (change.Steps is { } steps)
        {
            _state.Store.Undo(steps);
            change.Steps = null;
        }
    }

    private bool IsOfSent(NodeId writer, Digest body) => IsSent && writer == _writer && body == _sentBody;

    private void Settle()
    {
        foreach (ForeseenChange change in _sent)
        {
            (change.Fate, change.Steps) = (ForeseenFate.Counts, null);
        }

        _sent = [];
    }
}
