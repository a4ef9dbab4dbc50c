using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Wire;
using SigmaComms.Cryptography;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Misbehaviours;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Nodes;

/// <summary>A machine: disk, clock, and the process that may run on it. It outlives its processes.</summary>
internal sealed class SimNode
{
    private static readonly TimeSpan RetryBoot = TimeSpan.FromMilliseconds(300);

    private readonly Queue<Action<ReplicaHost>> _inbox = new();
    private readonly int _diskSeed;
    private Action<ReplicaHost>? _release;
    private TimeSpan _busyUntil;
    private bool _isPumpPlanned;
    private bool _isInside;
    private long _effects;
    private int _disks;

    public SimNode(World world, int number, SimIdentity identity, NodeOptions options, int diskSeed)
    {
        (World, Number, Identity, Options, _diskSeed) = (world, number, identity, options, diskSeed);
        Disk = new FaultyDisk(diskSeed, options.DiskRates);
        if (options.Flaw == HostFlaw.DiskLies)
        {
            Disk.Plan = (operation, _) => operation == DiskOperation.Write ? DiskFault.Lose : DiskFault.None;
        }
    }

    public World World { get; }

    public int Number { get; }

    public SimIdentity Identity { get; }

    public NodeOptions Options { get; }

    public NodeId Id => Identity.Id;

    /// <summary>What it begins from; another than that of the others only where that is planted.</summary>
    public Genesis Genesis => Options.Flaw == HostFlaw.ExecutesTwice && Number == 0
        ? Genesis.Of(World.Genesis.Scheme, World.Genesis.Founders, isTwice: true) : World.Genesis;

    public FaultyDisk Disk { get; private set; }

    /// <summary>The running process, if any.</summary>
    public ReplicaHost? Host { get; private set; }

    /// <summary>The life of its durable state under which it votes or wants to.</summary>
    public uint Incarnation { get; set; } = 1;

    /// <summary>Whether it lost its vote and waits for an epoch that has its new incarnation.</summary>
    public bool HasLostVote { get; set; }

    /// <summary>Whether its durable state was ever made in full; an operator knows that.</summary>
    public bool WasCreated { get; set; }

    /// <summary>How it lies; null if it does not.</summary>
    public Misbehaviour? Misbehaviour { get; set; }

    public bool IsByzantine => Misbehaviour is not null;

    /// <summary>Whether its disk did what an honest one does not; it counts as faulty until its next life.</summary>
    public bool IsSpoiled { get; set; }

    /// <summary>Whether it wishes to leave the cluster.</summary>
    public bool WantsToLeave { get; set; }

    /// <summary>Whether it stopped for good, as a replica does that finds its own state broken.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>How far its clock is off.</summary>
    public TimeSpan ClockOffset { get; set; }

    public TimeSpan PausedUntil { get; set; }

    /// <summary>It crashes when it has done so many effects since it was made.</summary>
    public long? CrashAtEffect { get; set; }

    /// <summary>Whether only the process dies, and the kernel keeps what was written.</summary>
    public bool IsNextCrashAKill { get; set; }

    public long EffectCount => _effects;

    public int Lives { get; private set; }

    public long Clock => World.UtcNow + ClockOffset.Ticks;

    public bool IsUp => Host is not null;

    /// <summary>Starts the process, unless it runs.</summary>
    public void Boot()
    {
        if (Host is not null || IsStopped)
        {
            return;
        }

        Lives++;
        int life = Lives;
        World.Trace.Note(Number, "boot", (ulong)Lives, Incarnation);
        Survive(() =>
        {
            ReplicaHost host = ReplicaHost.Boot(this);
            Host = host;
            World.Oracle.Restarted(this, host);
            host.Start();
        });
        Pump();
        if (Host is null && !IsStopped)
        {
            World.Schedule.After(RetryBoot, () =>
            {
                if (Lives == life)
                {
                    Boot();
                }
            });
        }
    }

    public void Crash(bool isPowerCut)
    {
        World.Trace.Note(Number, isPowerCut ? "power cut" : "killed", (ulong)_effects);
        Host = null;
        _inbox.Clear();
        _release = null;
        _busyUntil = default;
        CrashAtEffect = null;
        if (isPowerCut)
        {
            Disk.Cut();
        }
        else
        {
            Disk.Kill();
        }
    }

    /// <summary>A new, empty disk instead of the old one.</summary>
    public void LoseDisk()
    {
        Crash(isPowerCut: true);
        Disk = new FaultyDisk(_diskSeed + (++_disks * 7_919), Options.DiskRates);
    }

    public void Receive(NodeId from, Envelope envelope) => Post(host => host.Receive(from, envelope));

    /// <summary>Does something in the process, in turn; nothing if it does not run.</summary>
    public void Post(Action<ReplicaHost> action)
    {
        if (Host is not null)
        {
            _inbox.Enqueue(action);
            if (!_isInside)
            {
                Pump();
            }
        }
    }

    /// <summary>The same, but only in this life of it.</summary>
    public void Post(ReplicaHost life, Action<ReplicaHost> action)
    {
        if (ReferenceEquals(Host, life))
        {
            Post(action);
        }
    }

    /// <summary>Nothing else is done before this, which is done when the disk is ready.</summary>
    public void Hold(TimeSpan busy, Action<ReplicaHost> release)
    {
        Invariant.Holds(_release is null);
        _release = release;
        _busyUntil = World.Schedule.Now + busy;
    }

    /// <summary>Counts an effect; the process may die here.</summary>
    public void CountEffect()
    {
        if (CrashAtEffect is long crash && ++_effects >= crash)
        {
            throw new PowerCutException();
        }

        _effects += CrashAtEffect is null ? 1 : 0;
    }

    public void Broadcast(Message message)
    {
        Envelope? shared = null;
        Misbehaviour?.Broadcasting(this, message);
        foreach (Validator validator in Host!.Replica.Validators.Members)
        {
            if (validator.Node != Id)
            {
                Send(validator.Node, message, ref shared);
            }
        }
    }

    public void Send(NodeId to, Message message)
    {
        Envelope? shared = null;
        Send(to, message, ref shared);
    }

    private void Send(NodeId to, Message message, ref Envelope? shared)
    {
        if (Misbehaviour is null)
        {
            World.Network.Send(this, to, shared ??= new Envelope(message));
            return;
        }

        foreach (Message said in Misbehaviour.Say(this, to, message))
        {
            World.Network.Send(this, to, new Envelope(said));
        }
    }

    private void Pump()
    {
        while (Host is ReplicaHost host && (_release is not null || _inbox.Count > 0))
        {
            TimeSpan ready = PausedUntil > _busyUntil ? PausedUntil : _busyUntil;
            if (ready > World.Schedule.Now)
            {
                PlanPump(ready);
                return;
            }

            if (_release is { } release)
            {
                _release = null;
                Survive(() => release(host));
            }
            else
            {
                Action<ReplicaHost> next = _inbox.Dequeue();
                Survive(() => next(host));
            }
        }
    }

    private void PlanPump(TimeSpan ready)
    {
        if (_isPumpPlanned)
        {
            return;
        }

        _isPumpPlanned = true;
        World.Schedule.At(ready, () =>
        {
            _isPumpPlanned = false;
            Pump();
        });
    }

    private void Survive(Action action)
    {
        _isInside = true;
        try
        {
            action();
        }
        catch (PowerCutException)
        {
            Crash(isPowerCut: !IsNextCrashAKill);
        }
        catch (IOException failure)
        {
            // Whoever sees a failure of its disk stops, and looks at the disk anew.
            World.Trace.Note(Number, "disk: " + failure.Message);
            Crash(isPowerCut: false);
            World.Schedule.After(RetryBoot, Boot);
        }
        catch (InvalidOperationException failure) when (failure is not ObjectDisposedException)
        {
            Stop(failure);
        }
        finally
        {
            _isInside = false;
        }
    }

    private void Stop(InvalidOperationException failure)
    {
        if (!IsByzantine && !IsSpoiled)
        {
            throw new SimulationFailure("an honest replica stopped", $"node {Number}: {failure}");
        }

        Crash(isPowerCut: false);
        IsStopped = true;
    }
}
