using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>Several nodes and clients on one thread, with clocks that the test moves in step.</summary>
internal sealed class SimCluster : IDisposable
{
    private static readonly Dictionary<int, SimIdentity> Identities = [];
    private readonly List<SimHost> _hosts = [];
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("sigma-cluster-").FullName;

    public SimCluster()
    {
        _hosts.Add(Outside);
        Log = new SimLog(() => Now);
    }

    /// <summary>Where clients and the test's own tasks live.</summary>
    public SimHost Outside { get; } = new();

    public SimNetwork Network { get; } = new();

    public List<SimNode> Nodes { get; } = [];

    public ClusterId Cluster { get; } = new(new Digest16(new byte[16]));

    public SimIdentity Operator { get; } = IdentityOf(1_000);

    public SimLog Log { get; }

    public DateTimeOffset Now => Outside.Time.GetUtcNow();

    public static SimIdentity IdentityOf(int number)
    {
        lock (Identities)
        {
            if (!Identities.TryGetValue(number, out SimIdentity? identity))
            {
                identity = new SimIdentity(number);
                Identities.Add(number, identity);
            }

            return identity;
        }
    }

    /// <summary>A cluster of nodes that all are up in each other's view.</summary>
    public static SimCluster OfUpNodes(int count, Action<ClusterNodeOptions>? change = null)
    {
        var cluster = new SimCluster();
        for (int i = 1; i <= count; i++)
        {
            cluster.AddNode(i, change);
        }

        cluster.StartAll();
        return cluster;
    }

    public void Add(SimHost host)
    {
        // A process that starts late starts at the present time.
        host.Time.Advance(Outside.Time.GetUtcNow() - host.Time.GetUtcNow());
        _hosts.Add(host);
    }

    public SimNode AddNode(int number, Action<ClusterNodeOptions>? change = null, int? identity = null)
    {
        SimIdentity key = IdentityOf(identity ?? number);
        var endpoint = new NodeEndpoint("127.0.0.1", (ushort)(7000 + number));
        var options = new ClusterNodeOptions
        {
            Cluster = Cluster,
            OperatorPublicKey = Operator.PublicKey,
            Admission = Admit(key, $"n{number}").Encoded,
            Listen = endpoint,
            Seeds = [.. Enumerable.Range(1, 3).Select(seed => new SeedNode(
                IdentityOf(seed).Id, new NodeEndpoint("127.0.0.1", (ushort)(7000 + seed))))],
            DataDirectory = Path.Combine(_folder, $"n{number}"),
        };
        change?.Invoke(options);
        var node = new SimNode(this, number, options, key);
        Nodes.Add(node);
        return node;
    }

    public NodeAdmission Admit(SimIdentity key, string name, DateTimeOffset? to = null) => NodeAdmission.Sign(
        Operator.Key,
        Cluster,
        key.PublicKey,
        name,
        [],
        NodeRoles.Storage,
        to ?? Now.AddYears(1),
        new SeededRandom(1));

    public void StartAll()
    {
        foreach (SimNode node in Nodes)
        {
            Await(node.Start(Log));
        }

        Until(AllUp);
    }

    public bool AllUp()
    {
        SimNode[] alive = [.. Nodes.Where(node => node.IsAlive)];
        return alive.All(node => node.Node.Health().MembersUp == alive.Length);
    }

    public SimNode NodeOf(NodeId id) => Nodes.Single(node => node.Id == id);

    /// <summary>The nodes by rank for a device, best first, among those given or all alive.</summary>
    public SimNode[] Ranked(NodeId device)
    {
        IReadOnlyList<NodeId> rank = Ranking.Of(device, Nodes.Select(node => node.Id));
        return [.. rank.Select(NodeOf)];
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset target = Now + by;
        Pump();
        while (Now < target)
        {
            Step(target - Now);
        }
    }

    /// <summary>Lets time pass until something holds.</summary>
    public void Until(Func<bool> condition, int seconds = 30)
    {
        DateTimeOffset limit = Now.AddSeconds(seconds);
        Pump();
        while (!condition())
        {
            Assert.True(Now < limit, $"not true within {seconds} s of virtual time:\n{string.Join('\n', Log.Lines)}");
            Step(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Lets time pass until the task has ended, and gives its result.</summary>
    public T Await<T>(Task<T> task, int seconds = 60)
    {
        Until(() => task.IsCompleted, seconds);
        return task.GetAwaiter().GetResult();
    }

    public void Await(Task task, int seconds = 60)
    {
        Until(() => task.IsCompleted, seconds);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Starts something in the clients' own turn.</summary>
    public Task<T> Start<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>();
        Outside.Post(async () =>
        {
            try
            {
                done.SetResult(await work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task;
    }

    public T Run<T>(Func<Task<T>> work, int seconds = 60) => Await(Start(work), seconds);

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private void Step(TimeSpan limit)
    {
        TimeSpan next = _hosts.Select(host => host.UntilNext).OfType<TimeSpan>().DefaultIfEmpty(limit).Min();
        TimeSpan step = next < limit ? next : limit;
        foreach (SimHost host in _hosts)
        {
            host.Advance(step);
        }

        Pump();
    }

    private void Pump()
    {
        int turns;
        do
        {
            turns = 0;
            foreach (SimHost host in _hosts.ToArray())
            {
                turns += host.RunUntilIdle();
            }
        }
        while (turns > 0);
    }
}
