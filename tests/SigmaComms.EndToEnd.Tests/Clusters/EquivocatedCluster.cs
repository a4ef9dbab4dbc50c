using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests.Clusters;

/// <summary>A cluster whose fourth node contradicts itself in every view in which it votes.</summary>
internal sealed class EquivocatedCluster : RunningCluster
{
    public const string Liar = "n4";

    private SigmaProcess? _liar;

    public override async Task DisposeAsync()
    {
        if (_liar is not null)
        {
            await _liar.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    private protected override async Task PrepareAsync()
    {
        await SigmaProcess.SucceedAsync(Home, "cluster", "init", "--config", Plan);
        _liar = SigmaProcess.StartEquivocator(Home, Liar);

        // Then sigma cluster up finds it running, and starts the others.
        await _liar.NoteAsync(note => note.Contains("listens on", StringComparison.Ordinal));
    }
}
