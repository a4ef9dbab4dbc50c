using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Cluster.Storage;

/// <summary>What all parts of a node's fragment store share. The supervisor writes it, everybody reads.</summary>
internal sealed class StorageDesk : IDisposable
{
    private const int DigestBytesMax = 16 << 20;

    private StorageView _view = StorageView.Nothing;
    private StorageFigures _figures;
    private long _corruptReads;
    private long _syncs;

    public StorageDesk(
        StorageOptions options,
        StorageBoundaries boundaries,
        VolumeKey key,
        TimeProvider time,
        IRandomSource random,
        ILogger logger)
    {
        Options = options;
        Boundaries = boundaries;
        Key = key;
        Time = time;
        Random = random;
        Logger = logger;
        _figures = new StorageFigures(StorageState.Empty, options.CapacityBytes ?? 0, 0, 0, 0, 0, 0, 0, 0, "");
    }

    public StorageOptions Options { get; }

    public StorageBoundaries Boundaries { get; }

    public VolumeKey Key { get; }

    public TimeProvider Time { get; }

    public IRandomSource Random { get; }

    public ILogger Logger { get; }

    public DigestCache Digests { get; } = new(DigestBytesMax);

    /// <summary>Threads for disks; there are some while the storage is being opened or open.</summary>
    public DiskLanes Lanes { get; set; } = new(0);

    /// <summary>Index and volumes as they are served.</summary>
    public StorageView View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }

    /// <summary>How it stands.</summary>
    public StorageFigures Figures
    {
        get => Volatile.Read(ref _figures);
        set => Volatile.Write(ref _figures, value);
    }

    /// <summary>The index was found damaged: the next opening makes it anew.</summary>
    public bool IndexIsDamaged { get; set; }

    /// <summary>Fragments that were found damaged when they were read, since the start.</summary>
    public long CorruptReads => Interlocked.Read(ref _corruptReads);

    /// <summary>Syncs of volumes that commits have made, since the start.</summary>
    public long Syncs => Interlocked.Read(ref _syncs);

    public void NoteCorruptRead() => Interlocked.Increment(ref _corruptReads);

    public void NoteSync() => Interlocked.Increment(ref _syncs);

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
