using SigmaComms.Cryptography;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Stripes of one file that nodes have, and that no entry of the log names yet.</summary>
internal sealed class StagedFile(VaultCore core, StripeKeys keys, ulong inode)
{
    private readonly List<ScatteredStripe> _stripes = [];
    private long _offset;

    /// <summary>The file.</summary>
    public ulong Inode { get; } = inode;

    /// <summary>Bytes of the file so far.</summary>
    public long Length { get; private set; }

    /// <summary>How many stripes wait.</summary>
    public int Count => _stripes.Count;

    /// <summary>Adds the file's next stripe.</summary>
    public void Add(ScatteredStripe stripe)
    {
        _stripes.Add(stripe);
        Length += stripe.Entry.PlaintextLength;
    }

    /// <summary>Whether the log has the file already, without a name.</summary>
    public bool IsMade { get; private set; }

    /// <summary>Whether the log may have the waiting stripes: nobody knows.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Tells at any time whether one of the stripes that wait now must not be added any more.</summary>
    public Func<bool> Deadline()
    {
        StagingTime[] staged = [.. _stripes.Select(stripe => stripe.StagedAt)];
        TimeProvider time = core.Options.Storage.Time;
        return () => staged.Any(stripe => stripe.IsOverdue(time));
    }

    /// <summary>The operations that put the waiting stripes into the file.</summary>
    public List<NamespaceOperation> Writes(long at)
    {
        List<NamespaceOperation> operations = [];
        long offset = _offset;
        foreach (StripeEntry entry in _stripes.Select(stripe => stripe.Entry))
        {
            operations.Add(new WriteStripe(Inode, offset, entry.PlaintextLength, entry, at));
            offset += entry.PlaintextLength;
        }

        return operations;
    }

    /// <summary>Commits the change that puts the waiting stripes into the file.</summary>
    /// <returns>False if they have to be sealed anew.</returns>
    public async Task<bool> SendAsync(CommitDesk desk, Change change, CancellationToken ct)
    {
        IsSent = true;
        try
        {
            bool counts = await desk.CommitAsync(change, ct);
            IsSent = change.IsInDoubt && !counts;
            if (counts)
            {
                IsMade = true;
                _offset = Length;
                _stripes.Clear();
            }

            return counts;
        }
        catch (Exception e) when (
            e is OperationCanceledException or VaultException { Reason: VaultFailure.Namespace })
        {
            // It was never sent, or stands in the log and counts for nothing. Whatever else a node says may be a lie.
            IsSent = false;
            throw;
        }
    }

    /// <summary>Deletes what nodes have of the waiting stripes; what fails they forget in time.</summary>
    public async Task ClearAwayAsync()
    {
        List<Task> deletes = [];
        foreach (ScatteredStripe stripe in _stripes)
        {
            FragmentId[] ids = keys.Name(stripe.Entry);
            for (int i = 0; i < ids.Length; i++)
            {
                if (stripe.Holders[i] is NodeId holder)
                {
                    deletes.Add(core.Options.Storage.DeleteAsync(
                        holder, ids[i], core.Options.Scatter.PutLimit, core.Closing));
                }
            }
        }

        // What fails here is cleared away by the nodes after a day.
        await Task.WhenAll(deletes).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
