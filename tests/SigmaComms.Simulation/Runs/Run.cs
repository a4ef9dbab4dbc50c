using System.Globalization;
using SigmaComms.Simulation.Checks;
using SigmaComms.Simulation.Clients;
using SigmaComms.Simulation.Faults;
using SigmaComms.Simulation.Keys;
using SigmaComms.Simulation.Misbehaviours;
using SigmaComms.Simulation.Nodes;
using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Runs;

/// <summary>Plays a plan: a cluster, its clients, what goes wrong, then peace, and what must hold in the end.</summary>
internal sealed class Run
{
    private const int TraceKept = 120;

    private readonly RunPlan _plan;
    private readonly World _world;
    private readonly Nemesis _nemesis;
    private readonly List<SimClient> _clients = [];

    private Run(RunPlan plan, ISignatureScheme scheme)
    {
        _plan = plan;
        _world = new World(plan.Seed, Genesis.Of(scheme, plan.Validators));
        _world.Network.IsTraced = plan.TracesMessages;
        AddNodes();
        for (int i = 0; i < plan.Clients; i++)
        {
            _clients.Add(new SimClient(_world, i, plan.OperationsPerClient, plan.ThinkMax, plan.Options.Flaw));
        }

        _nemesis = new Nemesis(_world);
    }

    public static RunResult Play(RunPlan plan, ISignatureScheme? scheme = null)
    {
        Run run = new(plan, scheme ?? FastScheme.Short);
        return run.Play();
    }

    private RunResult Play()
    {
        string? invariant = null;
        string? detail = null;
        try
        {
            PlayFaults();
            _nemesis.Pacify();
            EndGame endGame = new(_world, _clients);
            endGame.Play();
        }
        catch (SimulationFailure failure)
        {
            (invariant, detail) = (failure.Invariant, failure.Message);
        }
        catch (Exception failure)
        {
            // The code under test never throws but in its own turn, and the simulator never: both end the run.
            (invariant, detail) = ("nothing throws", failure.ToString());
        }

        IReadOnlyList<string> trace = invariant is null ? [] : [.. _world.Trace.Last(TraceKept)];
        return new RunResult(
            _plan.Seed, _world.Trace.Hash, _world.Schedule.Steps, _world.Oracle.FinalHeight.Value, invariant, detail,
            trace);
    }

    private void PlayFaults()
    {
        _world.Network.Profile = _plan.Links;
        foreach (SimNode node in _world.Nodes)
        {
            node.Boot();
        }

        foreach (Fault fault in _plan.Faults)
        {
            _world.Schedule.At(fault.At, () => _nemesis.Do(fault));
        }

        foreach (SimClient client in _clients)
        {
            client.Continue();
        }

        _world.Schedule.RunUntil(_plan.Duration);
    }

    private void AddNodes()
    {
        int number = 0;
        for (; number < _plan.Validators + _plan.Spares; number++)
        {
            Add(number, number);
        }

        foreach ((int node, LieKind kind) in _plan.Liars)
        {
            SimNode liar = _world.Nodes[node];
            SimRandom random = _world.Random.Fork(string.Create(CultureInfo.InvariantCulture, $"liar {node}"));
            liar.Misbehaviour = Lies.Of(kind, random);
            if (kind == LieKind.Twin)
            {
                Add(number++, node).Misbehaviour = new Twin(random);
            }
        }
    }

    private SimNode Add(int number, int identity)
    {
        SimRandom random = _world.Random.Fork(string.Create(CultureInfo.InvariantCulture, $"disk {number}"));
        return _world.Add(new SimNode(
            _world, number, _world.Genesis.Identities[identity], _plan.Options, (int)(random.Next() >> 40)));
    }
}
