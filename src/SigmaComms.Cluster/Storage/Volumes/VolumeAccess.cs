using SigmaComms.Actors.Breakers;
using SigmaComms.Actors.Supervision;
using SigmaComms.Cluster.Disks;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>
/// The way to the disk of one volume: its open file, behind its worker's breaker. Every call runs on a thread for
/// disks; one that hangs is given up after a while and another thread takes its place.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
internal sealed class VolumeAccess
{
    private static readonly TimeSpan BreakLength = TimeSpan.FromSeconds(30);

    private readonly StorageDesk _desk;
    private readonly FailureCount _failures;
    private VolumeFile? _file;
    private Breaker? _breaker;
    private int _openings;

    public VolumeAccess(StorageDesk desk, IDisk disk, VolumeFile file)
    {
        _desk = desk;
        Disk = disk;
        Header = file.Header;
        _file = file;
        _failures = new FailureCount(desk.Time);
    }

    /// <summary>What the volume says of itself.</summary>
    public VolumeHeader Header { get; }

    /// <summary>Where its file is.</summary>
    public IDisk Disk { get; }

    /// <summary>How often the file was opened anew: tells failures of an earlier time.</summary>
    public int Openings => Volatile.Read(ref _openings);

    /// <summary>Whether calls pass, as far as the breaker knows.</summary>
    public bool IsClosed => Volatile.Read(ref _breaker)?.State is not BreakerState.Open;

    /// <summary>How the breaker of a volume is set.</summary>
    /// <remarks>
    /// The breaker counts by ratio. Here a number of failures decides, so only the one that makes the number full is
    /// told to it as a failure, and that one suffices whatever else went well.
    /// </remarks>
    public BreakerSettings Settings => new("disk")
    {
        CallsMin = 2,
        FailureRatio = 1e-9,
        Window = FailureCount.Window,
        Break = new Backoff(BreakLength, BreakLength, 0, TimeSpan.FromSeconds(1)),
        CallTimeout = _desk.Options.DiskTimeout,
        IsFailure = failure => failure is (IOException and not DiskFullException) or TimeoutException
            && _failures.Fail(),
    };

    /// <summary>The worker's breaker decides from now on.</summary>
    public void GuardWith(Breaker breaker) => Volatile.Write(ref _breaker, breaker);

    /// <summary>Closes the file; calls fail until it is opened anew.</summary>
    public void Close() => Interlocked.Exchange(ref _file, null)?.Dispose();

    /// <summary>Opens the file anew if it is closed.</summary>
    /// <exception cref="IOException">The disk failed, or it is not this volume any more.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => RunAsync(
        new DiskCall(),
        () =>
        {
            VolumeFile opened = VolumeFile.Open(Disk, Header.Number, _desk.Key, _desk.Random) is { } file
                && file.Header.Id == Header.Id
                ? file
                : throw new IOException($"The file of volume {Header.Number} is damaged or another one.");
            Interlocked.Exchange(ref _file, opened)?.Dispose();
            Interlocked.Increment(ref _openings);
            return true;
        },
        cancellationToken);

    /// <summary>Writes, and makes it durable if that is wanted.</summary>
    public async Task WriteAsync(Action<VolumeFile> write, CancellationToken cancellationToken)
    {
        VolumeFile file = File();
        DiskCall call = new();
        try
        {
            await RunAsync(
                call,
                () =>
                {
                    write(file);
                    return true;
                },
                cancellationToken);
        }
        catch (Exception failure) when (call.IsGivenUp)
        {
            throw new DiskCallOverdueException(call.Ended, failure);
        }
    }

    /// <summary>Reads a part of a fragment into room of its own, which the caller gives back.</summary>
    public async Task<(SlotRead Read, RentedBytes Bytes)> ReadAsync(
        FragmentRow row, FragmentLabel label, int offset, int length, CancellationToken cancellationToken)
    {
        VolumeFile file = File();
        return await RunAsync(
            new DiskCall(),
            () =>
            {
                // A call that is given up may still write to it: then nobody gives it back.
                RentedBytes bytes = new(length);
                return (SlotReader.Read(file, _desk.Digests, row, label, offset, bytes.Memory.Span), bytes);
            },
            cancellationToken);
    }

    private async Task<T> RunAsync<T>(DiskCall call, Func<T> work, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _breaker) is not { } breaker)
        {
            throw new VolumeClosedException(Header.Number);
        }

        try
        {
            T result = await breaker.RunAsync(
                async _ => await _desk.Lanes.RunAsync(() => Guard(call, work), call.Queue), cancellationToken);
            _failures.Succeed();
            return result;
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            if (call.TryGiveUp())
            {
                _desk.Lanes.AddSpare();
            }

            throw;
        }
        catch (ObjectDisposedException)
        {
            throw new VolumeClosedException(Header.Number);
        }
    }

    private T Guard<T>(DiskCall call, Func<T> work)
    {
        try
        {
            return call.IsGivenUp ? throw new TimeoutException("Nobody waits for this call any more.") : work();
        }
        finally
        {
            if (call.End())
            {
                _desk.Lanes.DropSpare();
            }
        }
    }

    // Asked before the breaker, so that a closed file proves nothing about the disk.
    private VolumeFile File() =>
        Volatile.Read(ref _file) ?? throw new VolumeClosedException(Header.Number);
}
