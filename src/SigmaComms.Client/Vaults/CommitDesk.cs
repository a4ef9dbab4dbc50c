using SigmaComms.Cryptography;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>
/// Commits changes: those that wait at the same time go into one entry of the log together. A change that fails takes
/// no other with it.
/// </summary>
internal sealed class CommitDesk(VaultCore core)
{
    private const int AttemptsMax = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Change> _waiting = [];

    /// <summary>Changes that nobody has taken up yet.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Commits a change and waits for its place in the order.</summary>
    /// <returns>False if its stripes have to be sealed anew.</returns>
    /// <exception cref="VaultException">It cannot count, or nobody knows whether it does.</exception>
    public async Task<bool> CommitAsync(Change change, CancellationToken ct)
    {
        lock (_gate)
        {
            _waiting.Enqueue(change);
        }

        try
        {
            // Whoever comes first commits for all who wait by then.
            await core.WithSessionAsync(DrainAsync, ct);
        }
        catch (OperationCanceledException) when (!IsWithdrawn(change))
        {
            // Somebody else is committing it: that is soon over, and what became of it must be known.
        }

        return await change.Done;
    }

    private async Task<bool> DrainAsync(VaultSession session)
    {
        try
        {
            while (Take() is { } first)
            {
                await CommitAsync(session, first);
            }

            return true;
        }
        catch (Exception e)
        {
            FailAll(e);
            throw;
        }
    }

    private async Task CommitAsync(VaultSession session, Change first)
    {
        List<Change> together = [];
        ulong plannedAt = session.Position.Count;
        VaultTransaction transaction = session.Begin();
        try
        {
            Collect(session, transaction, first, together);
            if (together.Count > 0)
            {
                transaction.IsOverdue = () => together.Any(static change => change.IsOverdue());
                await SendAsync(session, transaction, together, plannedAt);
            }
        }
        catch (Exception e)
        {
            // An entry may be on its way: giving up is no proof that it does not count.
            Exception why = e is OperationCanceledException
                ? VaultErrors.Of(new CommitResult(CommitStatus.Unknown), core.Name)
                : e;
            together.ForEach(change => change.Fail(why));
            throw;
        }
    }

    private void Collect(VaultSession session, VaultTransaction transaction, Change first, List<Change> together)
    {
        for (Change? next = first; next is not null; next = TakeIfAlone(together))
        {
            if (TryAdd(session, transaction, next) is not { } added)
            {
                continue;
            }

            if (!added)
            {
                PutBack(next);
                break;
            }

            together.Add(next);
        }
    }

    // A change that failed once goes alone, so that it is known whose fault a failure is.
    private Change? TakeIfAlone(List<Change> together)
    {
        lock (_gate)
        {
            bool fits = together.All(change => change.Attempts == 0)
                && _waiting.TryPeek(out Change? next) && (together.Count == 0 || next.Attempts == 0);
            return fits ? _waiting.Dequeue() : null;
        }
    }

    /// <summary>Whether it was added; null if it is over already.</summary>
    private static bool? TryAdd(VaultSession session, VaultTransaction transaction, Change change)
    {
        if ((change.Epoch != 0 && change.Epoch != transaction.Epoch) || change.IsOverdue())
        {
            change.Finish(counts: false);
            return null;
        }

        try
        {
            IReadOnlyList<NamespaceOperation> operations = change.Plan(session.State);
            if (operations.Count > 0)
            {
                bool added = transaction.TryAddAll(operations);
                Invariant.Holds(added || transaction.Operations.Count > 0);
                return added;
            }

            change.Finish(counts: true);
        }
        catch (VaultException e)
        {
            change.Fail(e);
        }
        catch (Exception e)
        {
            // A fault of the plan's is told to whoever waits for this change, too.
            change.Fail(e);
            throw;
        }

        return null;
    }

    private async Task SendAsync(
        VaultSession session, VaultTransaction transaction, List<Change> together, ulong plannedAt)
    {
        CommitResult result = await core.ResolvedAsync(
            session, await session.CommitAsync(transaction, core.Closing), core.Closing);
        switch (result.Status)
        {
            case CommitStatus.Committed:
                together.ForEach(change => change.Finish(counts: true));
                break;
            case CommitStatus.Conflict when together.Count == 1 && session.Position.Count == plannedAt + 1:
                // Nothing came between plan and entry: another try would fail alike.
                together[0].Fail(VaultException.Of(result.Batch.Error, together[0].Path));
                break;
            case CommitStatus.Conflict or CommitStatus.Expired:
            case CommitStatus.Refused when result.Refusal == LogStatus.WrongSequence:
                // The latter: other processes of this device were quicker each time. One of them got through, so that
                // trying again comes to an end.
                together.ForEach(change => Again(session, change, result));
                break;
            default:
                VaultException why = VaultErrors.Of(result, core.Name);
                together.ForEach(change => change.Fail(why));
                break;
        }
    }

    private void Again(VaultSession session, Change change, CommitResult result)
    {
        change.Attempts++;

        // What is overdue may have been sent, and come by a node that kept it back: its fragments stay on the nodes.
        change.IsInDoubt |= result.Status == CommitStatus.Refused && change.IsOverdue();
        if (change.Epoch != 0 && change.Epoch != session.Keys?.Epoch)
        {
            change.Finish(counts: false);
        }
        else if (change.Attempts < AttemptsMax)
        {
            PutBack(change);
        }
        else
        {
            change.Fail(result.Status == CommitStatus.Conflict
                ? VaultException.Of(result.Batch.Error, change.Path)
                : new VaultException(
                    VaultFailure.Busy, $"{change.Path}: others change the vault all the time. Try again."));
        }
    }

    /// <summary>Takes back a change that nobody has taken up.</summary>
    private bool IsWithdrawn(Change change)
    {
        lock (_gate)
        {
            int count = _waiting.Count;
            Change[] others = [.. _waiting.Where(waiting => waiting != change)];
            _waiting.Clear();
            foreach (Change other in others)
            {
                _waiting.Enqueue(other);
            }

            return others.Length < count;
        }
    }

    private Change? Take()
    {
        lock (_gate)
        {
            return _waiting.TryDequeue(out Change? change) ? change : null;
        }
    }

    private void PutBack(Change change)
    {
        lock (_gate)
        {
            _waiting.Enqueue(change);
        }
    }

    private void FailAll(Exception why)
    {
        while (Take() is { } change)
        {
            change.Fail(why);
        }
    }
}
