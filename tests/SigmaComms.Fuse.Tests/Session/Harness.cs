using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Session;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>A filesystem served to a scripted kernel.</summary>
internal sealed class Harness : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly Connection _connection;

    public Harness(FuseFileSystem files, Action<FuseOptions>? configure = null)
    {
        var options = new FuseOptions { Faulted = (_, fault) => Faults.Add(fault) };
        configure?.Invoke(options);
        _connection = new Connection(Device, files, options);
        _connection.Start();
        Device.Send(Request.Init());
    }

    public ScriptedDevice Device { get; } = new();

    public System.Collections.Concurrent.ConcurrentBag<Exception> Faults { get; } = [];

    public InFlightGate Gate => _connection.Gate;

    public Dispatcher Dispatcher => _connection.Dispatcher;

    /// <summary>Waits until the connection has agreed, so that what is sent then is served.</summary>
    public async Task<Agreement> AgreeAsync() => await _connection.Dispatcher.Agreement.WaitAsync(Limit);

    public async Task<Reply> ReplyAsync(ulong unique)
    {
        await Kernel.Eventually.HoldsAsync(() => Device.Replies.Any(reply => reply.Unique == unique));
        return Device.Replies.Single(reply => reply.Unique == unique);
    }

    public async ValueTask DisposeAsync()
    {
        Device.End();
        await _connection.Ended.WaitAsync(Limit);
        Assert.True(Device.IsDisposed);
    }
}
