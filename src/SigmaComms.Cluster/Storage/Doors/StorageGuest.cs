using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>
/// One link that asks for fragments: who it is, what it may hold here, and the fragments of which it has sent some
/// parts. Parts are taken in the order in which they came.
/// </summary>
internal sealed class StorageGuest(
    NodeId id, bool isNode, ByteAccount puts, ByteAccount reads, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of puts that one link may hold here: 24 MiB.</summary>
    public const long BytesMax = 24L << 20;

    /// <summary>Bytes of answers that one link may wait for: 8 MiB.</summary>
    public const long ReadBytesMax = 8L << 20;

    /// <summary>After so long without a part a fragment gives way to others that need its room.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<FragmentId, FragmentAssembly> _assemblies = [];
    private Task<FragmentIntake> _last = Task.FromResult(default(FragmentIntake));
    private TimeSpan? _askedAt;
    private bool _isGone;

    /// <summary>Who it is, as its channel proved.</summary>
    public NodeId Id => id;

    /// <summary>Whether it is a node of the cluster.</summary>
    public bool IsNode => isNode;

    /// <summary>What it holds with puts.</summary>
    public ByteAccount Account { get; } = new(BytesMax, puts);

    /// <summary>What it waits for.</summary>
    public ByteAccount Reads { get; } = new(ReadBytesMax, reads);

    /// <summary>Where all guests stand; null for one alone.</summary>
    public GuestBook? Book { get; init; }

    /// <summary>Whether the log may be asked for this guest now: once in a while, unless it was right to.</summary>
    /// <param name="pause">How long a denial holds.</param>
    public bool TryAskLog(TimeSpan pause)
    {
        TimeSpan now = time.GetElapsedTime(0);
        lock (_gate)
        {
            if (_askedAt is { } before && now - before <= pause)
            {
                return false;
            }

            _askedAt = now;
            return true;
        }
    }

    /// <summary>The log said that the guest may: it may be asked again at once.</summary>
    public void NoteAllowed()
    {
        lock (_gate)
        {
            _askedAt = null;
        }
    }

    /// <summary>Takes in a part, after those that came before it. Call in the order of arrival.</summary>
    /// <param name="label">The decoded label.</param>
    /// <param name="put">The part.</param>
    /// <param name="judgeAsync">What speaks against it; asked for the first part of a fragment.</param>
    public Task<FragmentIntake> TakeAsync(
        FragmentLabel label, PutFragment put, Func<ValueTask<Refused?>> judgeAsync) =>
        _last = TakeAfterAsync(_last, label, put, judgeAsync);

    /// <summary>The link has ended: what it held is given back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            foreach (FragmentAssembly assembly in _assemblies.Values)
            {
                assembly.Room.Dispose();
            }

            _assemblies.Clear();
        }

        Account.Close();
        Reads.Close();
        Book?.Leave(this);
    }

    /// <summary>Gives up fragments of which no part has come for long.</summary>
    public void DropIdle()
    {
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(0);
            foreach (FragmentAssembly idle in _assemblies.Values.Where(open => now - open.LastPart > IdleMax).ToArray())
            {
                Forget(idle.Label.Id);
            }
        }
    }

    private async Task<FragmentIntake> TakeAfterAsync(
        Task<FragmentIntake> before, FragmentLabel label, PutFragment put, Func<ValueTask<Refused?>> judgeAsync)
    {
        await Task.WhenAny(before); // What went wrong with the one before does not matter here.
        if (put.Offset == 0 && await judgeAsync() is { } objection)
        {
            return FragmentIntake.Answered(objection);
        }

        // Others' locks are taken before the own one is held.
        if (put.Offset == 0 && !Account.CanTake(label.Length))
        {
            DropIdle();
            Book?.DropIdle();
        }

        lock (_gate)
        {
            return put.Offset == 0 ? Begin(label, put) : Continue(label, put);
        }
    }

    private FragmentIntake Begin(FragmentLabel label, PutFragment put)
    {
        Forget(label.Id);
        bool isWhole = put.Content.Length == label.Length;
        if (!isWhole && (put.Content.Length != LinkLimits.FragmentPartBytes || put.Content.Length > label.Length))
        {
            return Refuse($"a fragment of {label.Length} bytes does not begin with {put.Content.Length}");
        }

        if (_isGone || !Account.TryTake(label.Length))
        {
            return FragmentIntake.Answered(new Refused(
                RefusalReason.Overloaded, $"this link has {Account.Held} bytes of fragments on their way; wait")
            { RetryAfter = TimeSpan.FromMilliseconds(100) });
        }

        if (isWhole)
        {
            return new FragmentIntake(null, label, put.Content, put.Room);
        }

        FragmentAssembly assembly = new(label);
        _assemblies.Add(label.Id, assembly);
        return Add(assembly, put);
    }

    private FragmentIntake Continue(FragmentLabel label, PutFragment put) =>
        _assemblies.TryGetValue(label.Id, out FragmentAssembly? assembly) && assembly.Label.Equals(label)
            ? Add(assembly, put)
            : Refuse("a part of a fragment whose first part did not come over this link, or was given up");

    private FragmentIntake Add(FragmentAssembly assembly, PutFragment put)
    {
        if (!assembly.TryAdd(put.Offset, put.Content.Span, time.GetElapsedTime(0)))
        {
            Forget(assembly.Label.Id);
            return Refuse("the parts of a fragment come in order, and all but the last are as long as parts can be");
        }

        if (!assembly.IsWhole)
        {
            return FragmentIntake.Answered(new Done());
        }

        _assemblies.Remove(assembly.Label.Id);
        return new FragmentIntake(null, assembly.Label, assembly.Room.Memory, assembly.Room);
    }

    private void Forget(FragmentId fragment)
    {
        if (_assemblies.Remove(fragment, out FragmentAssembly? forgotten))
        {
            forgotten.Room.Dispose();
            Account.Give(forgotten.Label.Length);
        }
    }

    private static FragmentIntake Refuse(string detail) =>
        FragmentIntake.Refuse(RefusalReason.FragmentRefused, detail);
}
