using SigmaComms.Fuse.Files;

namespace SigmaComms.FuseProbe.Memory;

/// <summary>
/// Locks of one file and who waits for them. Not safe for several threads: the filesystem's lock guards it.
/// </summary>
public sealed class LockTable
{
    private readonly List<(LockOwner Owner, LockRange Range)> _held = [];
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>The first lock of another owner that stands in the way.</summary>
    public LockRange? Conflict(LockOwner owner, LockRange wanted)
    {
        foreach ((LockOwner holder, LockRange range) in _held)
        {
            bool overlaps = range.Start <= wanted.End && wanted.Start <= range.End;
            if (holder != owner && overlaps && (range.Kind == LockKind.Write || wanted.Kind == LockKind.Write))
            {
                return range;
            }
        }

        return null;
    }

    /// <summary>
    /// Locks or unlocks a range, whatever the owner had there before. False if another stands in the way.
    /// </summary>
    public bool TrySet(LockOwner owner, LockRange wanted)
    {
        if (wanted.Kind != LockKind.Unlock && Conflict(owner, wanted) is not null)
        {
            return false;
        }

        List<(LockOwner Owner, LockRange Range)> cut =
            [.. _held.Where(l => l.Owner == owner && l.Range.Start <= wanted.End && wanted.Start <= l.Range.End)];
        foreach ((LockOwner Owner, LockRange Range) old in cut)
        {
            _held.Remove(old);
            if (old.Range.Start < wanted.Start)
            {
                _held.Add((owner, old.Range with { End = wanted.Start - 1 }));
            }

            if (old.Range.End > wanted.End)
            {
                _held.Add((owner, old.Range with { Start = wanted.End + 1 }));
            }
        }

        if (wanted.Kind != LockKind.Unlock)
        {
            _held.Add((owner, wanted));
        }

        Wake();
        return true;
    }

    /// <summary>Gives back all of an owner.</summary>
    public void Release(LockOwner owner)
    {
        if (_held.RemoveAll(l => l.Owner == owner) > 0)
        {
            Wake();
        }
    }

    /// <summary>Ends when something changed.</summary>
    public Task ChangeAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(waiter);
        return waiter.Task;
    }

    private void Wake()
    {
        foreach (TaskCompletionSource waiter in _waiting)
        {
            waiter.TrySetResult();
        }

        _waiting.Clear();
    }
}
