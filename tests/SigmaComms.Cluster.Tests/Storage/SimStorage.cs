using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Actors;
using SigmaComms.Actors.TestKit;
using SigmaComms.Cluster.Disks;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Tests.Control.Disks;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Cluster.Tests.Storage;

/// <summary>A fragment store on one thread, with virtual time, over a disk that fails as it is told.</summary>
internal sealed class SimStorage : IAsyncDisposable
{
    private readonly StorageDesk _desk;

    public SimStorage(
        FaultyDisk disk, IFragmentIndex index, Action<StorageOptions>? adjust = null, Func<IDisk>? openDisk = null)
    {
        StorageOptions options = new()
        {
            VolumeBytesMin = 64 << 10,
            VolumeBytes = 256 << 10,
            CapacityBytes = 1 << 20,
            FillBytesPerSecond = 1 << 20,
        };
        adjust?.Invoke(options);
        using MlDsa65SigningKey key = new(new byte[32]);
        StorageBoundaries boundaries = new(
            () => disk.ListNames().Count > 0, openDisk ?? (() => disk), () => index, () => { }, () => 1L << 40)
        {
            HasThreads = false,
        };
        _desk = new StorageDesk(
            options, boundaries, VolumeKey.Of(key), System.Time, SystemRandom.Instance, NullLogger.Instance);
        Supervisor = System.ActorOf(Props.Create(() => new StorageSupervisor(_desk)), "storage");
        Store = new FragmentStorage(_desk, Supervisor);
    }

    public TestSystem System { get; } = new();

    public FragmentStorage Store { get; }

    public IActorRef Supervisor { get; }

    public StorageDesk Desk => _desk;

    public static (FragmentLabel Label, byte[] Bytes) Fragment(int length, int seed)
    {
        Random random = new(seed);
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        byte[] id = new byte[32];
        random.NextBytes(id);
        byte[] vault = new byte[32];
        random.NextBytes(vault);
        SigmaComms.Vault.StripeId stripe = new(id.AsSpan(0, 16));
        Digest[] roots = [FragmentTree.RootOf(bytes)];
        return (new FragmentLabel(new Digest(vault), stripe, 1, 0, length, new Digest(id), roots), bytes);
    }

    public StoreStatus Put((FragmentLabel Label, byte[] Bytes) fragment) => System.Await(
        Store.PutAsync(fragment.Label, fragment.Bytes, CancellationToken.None).AsTask());

    public StoreStatus Delete((FragmentLabel Label, byte[] Bytes) fragment) => System.Await(
        Store.DeleteAsync(fragment.Label.Id, CancellationToken.None).AsTask());

    public StoreStatus Verify((FragmentLabel Label, byte[] Bytes) fragment) => System.Await(
        Store.VerifyAsync(fragment.Label.Id, CancellationToken.None).AsTask());

    /// <summary>Reads a fragment; if it is given, it is the right one.</summary>
    public StoreStatus Get((FragmentLabel Label, byte[] Bytes) fragment)
    {
        byte[] got = new byte[fragment.Bytes.Length];
        StoreStatus status = System.Await(
            Store.GetAsync(fragment.Label.Id, 0, got, CancellationToken.None).AsTask());
        if (status == StoreStatus.Done)
        {
            Assert.Equal(fragment.Bytes, got);
        }

        return status;
    }

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        _desk.Dispose();
    }
}
