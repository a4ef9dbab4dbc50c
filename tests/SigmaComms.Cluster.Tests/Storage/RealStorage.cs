using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>A fragment store in a real folder, with real threads and a real index.</summary>
internal sealed class RealStorage : IAsyncDisposable
{
    private readonly ActorSystem _system = new("storage", new ActorSystemOptions());
    private readonly StorageDesk _desk;
    private readonly IActorRef _supervisor;

    public RealStorage(string folder, StorageOptions options, StorageBoundaries? boundaries = null)
    {
        using MlDsa65SigningKey key = new(new byte[32]);
        _desk = new StorageDesk(
            options, boundaries ?? StorageBoundaries.Of(folder), VolumeKey.Of(key), TimeProvider.System,
            SystemRandom.Instance, NullLogger.Instance);
        _supervisor = _system.ActorOf(Props.Create(() => new StorageSupervisor(_desk)), "storage");
        Store = new FragmentStorage(_desk, _supervisor);
    }

    public FragmentStorage Store { get; }

    public StorageDesk Desk => _desk;

    public ActorSystem System => _system;

    /// <summary>Options of a small store.</summary>
    public static StorageOptions Small(int volumes = 4) => new()
    {
        VolumeBytesMin = 64 << 10,
        VolumeBytes = 16 << 20,
        CapacityBytes = volumes * (16L << 20),
        FillBytesPerSecond = 16L << 30,
    };

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow.AddSeconds(60);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, "It did not happen within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate(TimeSpan.FromSeconds(10));
        _desk.Dispose();
    }
}
