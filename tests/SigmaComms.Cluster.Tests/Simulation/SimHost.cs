using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>
/// One process of the simulation: its own actors, clock and turn queue on the test's one thread. A frozen host does
/// nothing while the others' clocks go on; when it thaws, its clock jumps, as after SIGSTOP and SIGCONT.
/// </summary>
internal sealed class SimHost
{
    private SynchronizationContext? _context;
    private TimeSpan _behind;

    public SimHost()
    {
        System = new TestSystem();
        System.ActorOf(Props.Create(() => new ContextCatcher(this)), "context");
    }

    public TestSystem System { get; }

    public VirtualTime Time => System.Time;

    public bool IsFrozen { get; private set; }

    /// <summary>A host whose process was killed never runs again.</summary>
    public bool IsDead { get; set; }

    public TimeSpan? UntilNext => IsFrozen || IsDead ? null : Time.UntilNext;

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        TimeSpan jump = _behind;
        _behind = TimeSpan.Zero;
        Advance(jump);
    }

    /// <summary>Runs something in the host's own turn.</summary>
    public void Post(Action action) => _context!.Post(_ => action(), null);

    public int RunUntilIdle() => IsFrozen || IsDead ? 0 : System.RunUntilIdle();

    public void Advance(TimeSpan by)
    {
        if (IsFrozen)
        {
            _behind += by;
            return;
        }

        if (IsDead)
        {
            return;
        }

        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            Time.Advance(by);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class ContextCatcher : ReceiveActor
    {
        public ContextCatcher(SimHost host) => host._context = SynchronizationContext.Current;
    }
}
