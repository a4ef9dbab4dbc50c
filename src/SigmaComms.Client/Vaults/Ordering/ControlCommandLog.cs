using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>
/// The streams of vaults in the cluster's control log, through any node. An append is signed by the device and counts
/// once. What nodes show is checked by who follows the log; here is seen to it that a node which is only behind is not
/// taken for one that lies. Safe to call from any thread.
/// </summary>
internal sealed class ControlCommandLog(NodeId writer, ILogNodes nodes, CommandQueue queue, TimeProvider time)
    : ICommandLog
{
    private const int NodesMax = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, ulong> _counts = [];
    private ulong _height;

    /// <inheritdoc/>
    public NodeId Writer => writer;

    /// <summary>Why the last thing that could not be done could not, for people; empty if there was none.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>The newest block that a node spoke of; by its word.</summary>
    internal ulong Height
    {
        get
        {
            lock (_gate)
            {
                return _height;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        (await AppendThroughAsync(vault, sequence, content, cancellation)).Sent;

    /// <inheritdoc/>
    public async ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        (await ReadFromAsync(vault, first, new HashSet<NodeId>(), cancellation)).Range;

    /// <summary>Appends an entry, and says which node answered.</summary>
    internal async ValueTask<(LogAppend Sent, NodeId? Node)> AppendThroughAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (content.Length is 0 or > LogEntry.ContentSizeMax)
        {
            throw new ArgumentException("An entry has 1 to 65,492 bytes.", nameof(content));
        }

        ArgumentOutOfRangeException.ThrowIfZero(sequence);
        CommandFate fate = await OrderAsync(VaultCommand.Append(vault, sequence, content), cancellation);
        if (fate.Reply is not { } reply)
        {
            return (new LogAppend(StatusOf(fate), 0), null);
        }

        bool isDone = reply.Status == VaultStatus.Done;
        if (isDone)
        {
            Note(vault, reply.Number, fate.Height);
        }

        ulong number = reply.Status == VaultStatus.WrongSequence ? reply.Number : 0;
        return (
            new LogAppend(StatusOf(fate), isDone && reply.Number > 0 ? reply.Number - 1 : number), fate.Node);
    }

    /// <inheritdoc/>
    public async ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        StatusOf(await OrderAsync(VaultCommand.Trim(vault, first), cancellation));

    /// <summary>Reads entries, and says which node showed them; null if none did.</summary>
    internal async ValueTask<(LogRange Range, NodeId? Node)> ReadFromAsync(
        Digest vault, ulong first, IReadOnlySet<NodeId> avoid, CancellationToken cancellation)
    {
        (ulong Count, ulong Height, bool IsKnown) least = Least(vault, first);
        VaultPage? best = null;
        NodeId? shower = null;
        bool isMissing = false;
        HashSet<NodeId> asked = [.. avoid];

        // The first look at a vault, and every look after somebody showed too little, is at what is final everywhere.
        bool isLinearizable = !least.IsKnown;
        for (int tries = 0; tries < NodesMax; tries++)
        {
            ReadVault ask = new(vault, first, least.Height, 0, isLinearizable);
            if (await AskAsync(ask, asked, Patience, cancellation) is not { } answer)
            {
                break;
            }

            if (answer.Answer is VaultPage page && IsSound(page, first))
            {
                (best, shower) = best is null || page.Standing.Count >= best.Standing.Count
                    ? (page, answer.Node)
                    : (best, shower);
                if (page.Standing.Count >= least.Count && page.Standing.Height >= least.Height)
                {
                    break;
                }
            }

            isMissing |= answer.Answer is Refused { Reason: RefusalReason.NotFound };
            if (isMissing && isLinearizable && least.Count == 0)
            {
                break;
            }

            if (isLinearizable)
            {
                asked.Add(answer.Node);
            }

            isLinearizable = true;
        }

        return (RangeOf(vault, first, best, isMissing, least), shower);
    }

    /// <summary>Takes a count for what there is, whatever nodes said before.</summary>
    internal void Believe(Digest vault, ulong count)
    {
        lock (_gate)
        {
            _counts[vault] = count;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation)
    {
        HashSet<NodeId> avoid = [];
        TimeSpan pause = PauseMin;
        while (true)
        {
            ReadVault ask = new(
                vault, count, Least(vault, count).Height, (uint)LongWait.TotalMilliseconds, IsLinearizable: false);
            long start = time.GetTimestamp();
            AskedNode? asked = await AskAsync(ask, avoid, LongWait + Patience, cancellation);
            ulong? shown = (asked?.Answer as VaultPage)?.Standing.Count;
            if (shown > count)
            {
                return;
            }

            // Nobody is waited for twice in a row: a node may be behind, or keep what is new to itself.
            if (asked is null)
            {
                avoid.Clear();
            }
            else
            {
                avoid.Add(asked.Node);
            }

            if (shown == count && time.GetElapsedTime(start) > PauseMax)
            {
                pause = PauseMin;
                continue;
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    /// <summary>Has a command ordered.</summary>
    internal async ValueTask<CommandFate> OrderAsync(VaultCommand command, CancellationToken cancellation)
    {
        CommandFate fate = await queue.SendAsync(command.Encode(), cancellation);
        lock (_gate)
        {
            _height = Math.Max(_height, fate.Height);
        }

        LastFailure = fate.Reply is null ? fate.Detail : LastFailure;
        return fate;
    }

    /// <summary>What a fate is called.</summary>
    internal static LogStatus StatusOf(CommandFate fate) => fate.Reply?.Status switch
    {
        VaultStatus.Done => LogStatus.Done,
        VaultStatus.VaultUnknown => LogStatus.VaultUnknown,
        VaultStatus.NotAllowed or VaultStatus.Malformed => LogStatus.NotAllowed,
        VaultStatus.WrongSequence => LogStatus.WrongSequence,
        VaultStatus.Full => LogStatus.Full,
        VaultStatus.OutOfRange => LogStatus.OutOfRange,
        _ => fate.Refusal is RefusalReason.NotAllowed or RefusalReason.UnknownDevice
            ? LogStatus.NotAllowed
            : LogStatus.Unreachable,
    };

    /// <summary>Asks a node, again if it wants to be asked more slowly.</summary>
    private async Task<AskedNode?> AskAsync(
        ReadVault ask, HashSet<NodeId> avoid, TimeSpan patience, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            AskedNode? asked = await nodes.AskAsync(
                ask, node => !avoid.Contains(node), patience, cancellation);
            switch (asked?.Answer)
            {
                case Refused { Reason: RefusalReason.TooFast } slower when time.GetElapsedTime(start) < Patience:
                    await Task.Delay(
                        slower.RetryAfter > PauseMin ? slower.RetryAfter : PauseMin, time, cancellation);
                    continue;
                case Refused refused:
                    LastFailure = refused.Detail;
                    break;
                case VaultPage page:
                    queue.Hear(page.Standing.Timestamp);
                    break;
            }

            return asked;
        }
    }

    private (ulong Count, ulong Height, bool IsKnown) Least(Digest vault, ulong first)
    {
        lock (_gate)
        {
            bool isKnown = _counts.TryGetValue(vault, out ulong count);
            return (Math.Max(count, first), _height, isKnown);
        }
    }

    private void Note(Digest vault, ulong count, ulong height)
    {
        lock (_gate)
        {
            _counts[vault] = Math.Max(_counts.GetValueOrDefault(vault), count);
            _height = Math.Max(_height, height);
        }
    }

    private LogRange RangeOf(
        Digest vault, ulong first, VaultPage? page, bool isMissing, (ulong Count, ulong Height, bool IsKnown) least)
    {
        if (page is null)
        {
            // A vault never goes away: who was shown entries is told of a log that has none.
            return isMissing && least.Count > 0
                ? new LogRange(LogStatus.Done, 0, default, new LogPosition(0, LogEntry.StartOf(vault)), [])
                : new LogRange(
                    isMissing ? LogStatus.VaultUnknown : LogStatus.Unreachable, 0, default, default, []);
        }

        VaultStanding at = page.Standing;
        if (at.Count >= least.Count && at.Height >= least.Height)
        {
            Note(vault, at.Count, at.Height);
        }
        else
        {
            Lower(vault, at, least.Count, least.Height);
        }

        bool isThere = first >= at.First && first <= at.Count;
        return new LogRange(
            isThere ? LogStatus.Done : LogStatus.OutOfRange,
            at.First,
            at.FirstHead,
            new LogPosition(at.Count, at.Head),
            [.. page.Entries.Select((entry, i) => new LogEntry(
                first + (ulong)i, entry.Writer, entry.Sequence, (long)entry.Timestamp, entry.Content))]);
    }

    /// <summary>
    /// All were asked, and this is the most there is: whoever showed more before is not waited for again and again.
    /// </summary>
    private void Lower(Digest vault, VaultStanding at, ulong count, ulong height)
    {
        lock (_gate)
        {
            if (_height == height && _counts.GetValueOrDefault(vault) <= count)
            {
                _counts[vault] = at.Count;
                _height = Math.Min(height, at.Height);
            }
        }
    }

    private static bool IsSound(VaultPage page, ulong first) =>
        page.Standing.First <= page.Standing.Count
        && (page.Entries.Count == 0 || (first >= page.Standing.First
            && (ulong)page.Entries.Count <= page.Standing.Count - Math.Min(first, page.Standing.Count)))
        && page.Entries.All(static entry => entry.Timestamp <= long.MaxValue && !entry.Content.IsEmpty);
}
