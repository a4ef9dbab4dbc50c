using System.Globalization;
using SigmaComms.EndToEnd.Tests.Networks;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>Four validators, each with a network of its own; they hear of each other as far as cables go.</summary>
public sealed class SwitchedCluster : RunningCluster
{
    private const int Port = 7_100;

    private readonly Dictionary<string, SigmaProcess> _nodes = [];
    private SwitchedNetwork? _network;

    internal SwitchedNetwork Network => _network ?? throw new InvalidOperationException("there is no network");

    public override async Task InitializeAsync()
    {
        // Where there can be none all tests are skipped, but their cluster is made all the same.
        if (SwitchedNetwork.Obstacle is null)
        {
            _network = new SwitchedNetwork(NodeCount);
            await base.InitializeAsync();
        }
    }

    public override async Task DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        finally
        {
            foreach (SigmaProcess node in _nodes.Values)
            {
                await node.DisposeAsync();
            }

            _network?.Dispose();
        }
    }

    internal override async Task UpAsync()
    {
        List<SigmaProcess> started = [];
        for (int i = 0; i < NodeCount; i++)
        {
            string name = NameOf(i);
            if (!_nodes.TryGetValue(name, out SigmaProcess? node) || node.HasExited)
            {
                _nodes[name] = SigmaProcess.StartWithin(Network[i], Home, "node", "run", name);
                started.Add(_nodes[name]);
            }
        }

        foreach (SigmaProcess node in started)
        {
            await node.NoteAsync(note => note.Contains("takes part", StringComparison.Ordinal));
        }
    }

    private protected override string ListenOf(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{SwitchedNetwork.AddressOf(index)}:{Port}");

    private protected override Task PrepareAsync() =>
        SigmaProcess.SucceedAsync(Home, "cluster", "init", "--config", Plan);
}
