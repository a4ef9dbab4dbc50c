using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Cryptography;

namespace SigmaComms.Cluster.Control.Vaults;

/// <summary>
/// Tells those who wait that a vault has new entries: one reader of the final blocks for all of them, which runs only
/// while somebody waits. Safe to call from any thread.
/// </summary>
internal sealed class VaultWatch(TimeProvider time, ControlLog log)
{
    /// <summary>How often one device may wait at once; more are answered at once.</summary>
    public const int WaitsPerDeviceMax = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, Waited> _vaults = [];
    private readonly Dictionary<NodeId, int> _devices = [];
    private Action? _stop;
    private int _waiting;

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref _waiting);

    /// <summary>Waits until a condition on a vault holds; it is looked at when the vault may have changed.</summary>
    /// <param name="device">For whom.</param>
    /// <param name="vault">The vault.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="patience">When to give up.</param>
    /// <param name="gone">Gives up too.</param>
    public async Task WaitAsync(NodeId device, Digest vault, Func<bool> condition, TimeSpan patience, Task gone)
    {
        if (Enter(device, vault) is not { } waited)
        {
            return;
        }

        try
        {
            TaskCompletionSource late = new();
            await using ITimer timer = time.CreateTimer(
                _ => late.TrySetResult(), null, patience, Timeout.InfiniteTimeSpan);
            while (!late.Task.IsCompleted && !gone.IsCompleted)
            {
                // Taken before the look, so that no change falls between them.
                Task changed = waited.Changed;
                if (condition())
                {
                    break;
                }

                await Task.WhenAny(changed, late.Task, gone);
            }
        }
        finally
        {
            Leave(device, vault, waited);
        }
    }

    private Waited? Enter(NodeId device, Digest vault)
    {
        lock (_gate)
        {
            int mine = _devices.GetValueOrDefault(device);
            if (mine >= WaitsPerDeviceMax)
            {
                return null;
            }

            _devices[device] = mine + 1;
            if (!_vaults.TryGetValue(vault, out Waited? waited))
            {
                _vaults.Add(vault, waited = new Waited());
            }

            waited.Count++;
            if (_waiting++ == 0)
            {
                // Not disposed: it has neither timer nor handle, and is cancelled while its reader still looks at it.
                var reading = new CancellationTokenSource();
                _stop = reading.Cancel;
                _ = ReadAsync(log.WatchAsync(reading.Token), reading.Token);
            }

            return waited;
        }
    }

    private void Leave(NodeId device, Digest vault, Waited waited)
    {
        Action? stop = null;
        lock (_gate)
        {
            if (--_devices[device] == 0)
            {
                _devices.Remove(device);
            }

            if (--waited.Count == 0)
            {
                _vaults.Remove(vault);
            }

            if (--_waiting == 0)
            {
                (stop, _stop) = (_stop, null);
            }
        }

        stop?.Invoke();
    }

    private async Task ReadAsync(IAsyncEnumerable<BlockFinal> blocks, CancellationToken ct)
    {
        ulong last = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (BlockFinal final in blocks)
                {
                    ulong height = final.Committed.Block.Header.Height.Value;
                    Tell(height == last + 1 ? VaultsOf(final.Committed.Block.Body) : null);
                    last = height;
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody waits any more.
            }
            catch (InvalidOperationException)
            {
                // The blocks came too fast. The next one that is seen has others before it, so all look again.
                blocks = log.WatchAsync(ct);
            }
        }
    }

    /// <summary>Null: any vault may have changed, since blocks before this one were not seen.</summary>
    private void Tell(IEnumerable<Digest>? vaults)
    {
        List<TaskCompletionSource> told = [];
        lock (_gate)
        {
            foreach (Waited waited in vaults is null ? _vaults.Values : vaults.Select(Find).OfType<Waited>())
            {
                told.Add(waited.Renew());
            }
        }

        told.ForEach(static waiting => waiting.TrySetResult());
    }

    private Waited? Find(Digest vault) => _vaults.GetValueOrDefault(vault);

    private static IEnumerable<Digest> VaultsOf(CommandBody body) => body.Groups
        .SelectMany(static group => group.Commands)
        .Where(static command => command.Machine == MachineIds.VaultCommands
            && command.Payload.Length > Digest.SizeBytes)
        .Select(static command => new Digest(command.Payload.Span.Slice(1, Digest.SizeBytes)))
        .Distinct();

    private sealed class Waited
    {
        private TaskCompletionSource _changed = NewSource();

        public int Count { get; set; }

        public Task Changed => Volatile.Read(ref _changed).Task;

        public TaskCompletionSource Renew() => Interlocked.Exchange(ref _changed, NewSource());

        // Who waits goes on in the turn of the one reader, which does nothing else: a simulation's time does not wait
        // for another thread.
        private static TaskCompletionSource NewSource() => new();
    }
}
