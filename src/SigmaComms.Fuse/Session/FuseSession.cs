using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol;

namespace SigmaComms.Fuse.Session;

/// <summary>A mounted filesystem that is served until it is unmounted, by this process or another.</summary>
/// <remarks>Safe to call from any thread. Nothing in this process may use the mount.</remarks>
public sealed class FuseSession : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(50);
    private readonly FuseFileSystem _files;
    private readonly FuseOptions _options;
    private readonly Connection _connection;
    private readonly SemaphoreSlim _unmounting = new(1);
    private bool _unmounted;

    private FuseSession(string path, FuseFileSystem files, FuseOptions options, IKernelDevice device)
    {
        Path = path;
        _files = files;
        _options = options;
        _connection = new Connection(device, files, options);
        _connection.Start();
    }

    /// <summary>Where it is mounted, without symbolic links.</summary>
    public string Path { get; }

    /// <summary>Ends when kernel and session have agreed on how to speak; fails if the kernel is too old.</summary>
    public Task<Agreement> Agreed => _connection.Dispatcher.Agreement;

    /// <summary>Ends when the mount is gone, whoever unmounted it, and the filesystem was told so.</summary>
    public Task Ended => _connection.Ended;

    /// <summary>Requests of the kernel so far.</summary>
    public long RequestsServed => _connection.Dispatcher.Served;

    /// <summary>Requests that were not as the protocol says, which were refused.</summary>
    public long RequestsMalformed => _connection.Dispatcher.Malformed;

    /// <summary>Bytes that requests hold which wait for the filesystem.</summary>
    public long InFlightBytes => _connection.Gate.Bytes;

    /// <summary>Mounts a filesystem on a directory and begins to serve it.</summary>
    /// <param name="directory">An empty directory. A mount whose process is gone is detached from it first.</param>
    /// <param name="files">The filesystem.</param>
    /// <param name="options">How; not to be changed afterwards.</param>
    /// <exception cref="FuseMountException">It cannot be mounted; with the reason.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static FuseSession Mount(string directory, FuseFileSystem files, FuseOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            throw new FuseMountException(MountFailure.NoDevice, "FUSE is served on 64-bit Linux only.");
        }

        string path = MountPoint.Prepare(directory, options);
        return new FuseSession(path, files, options, new KernelDevice(Mounter.Mount(path, options)));
    }

    /// <summary>
    /// Attributes and content of a node are old. A negative offset: attributes only; length 0: to the end.
    /// </summary>
    /// <returns>ENOENT if the kernel does not know the node.</returns>
    /// <remarks>Must not be awaited in an operation on the node.</remarks>
    public ValueTask<Errno> InvalidateNodeAsync(NodeId node, long offset = 0, long length = 0) =>
        _connection.Notifier.InvalidateNodeAsync(node, offset, length);

    /// <summary>A name is old: it is looked up again.</summary>
    /// <returns>ENOENT if the kernel does not know the name.</returns>
    /// <remarks>Must not be awaited in an operation on the directory.</remarks>
    public ValueTask<Errno> InvalidateEntryAsync(NodeId parent, ReadOnlySpan<byte> name) =>
        _connection.Notifier.InvalidateEntryAsync(parent, name);

    /// <summary>A name was removed elsewhere; programs that watch the directory are told.</summary>
    /// <returns>ENOENT if the kernel does not know the name or it stands for another node.</returns>
    /// <remarks>Must not be awaited in an operation on the directory.</remarks>
    public ValueTask<Errno> DeletedAsync(NodeId parent, NodeId child, ReadOnlySpan<byte> name) =>
        _connection.Notifier.DeleteAsync(parent, child, name);

    /// <summary>
    /// Flushes and unmounts. Waits as long as the options say for those who use the mount, then takes it out of sight.
    /// </summary>
    public async Task<UnmountOutcome> UnmountAsync(CancellationToken cancellation)
    {
        await _unmounting.WaitAsync(cancellation);
        try
        {
            if (_unmounted || Ended.IsCompleted)
            {
                return UnmountOutcome.AlreadyGone;
            }

            await _files.FlushAllAsync(cancellation);
            UnmountOutcome outcome = await UnmountOrDetachAsync(Unmounter.Detach, cancellation);
            _unmounted = true;
            return outcome;
        }
        finally
        {
            _unmounting.Release();
        }
    }

    /// <summary>
    /// Flushes, unmounts and ends the readers. Who still uses the mount after the wait gets errors. May be called
    /// twice.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _unmounting.WaitAsync();
        try
        {
            if (!_unmounted && !Ended.IsCompleted)
            {
                await _files.FlushAllAsync(CancellationToken.None);
                await UnmountOrDetachAsync(End, CancellationToken.None);
                _unmounted = true;
            }
        }
        finally
        {
            _unmounting.Release();
        }

        // Detached without root's rights, the connection lives as long as somebody uses it: the readers are background
        // threads and end with the process.
        await Task.WhenAny(Ended, Task.Delay(_options.UnmountWait, _options.Time));
    }

    /// <summary>
    /// All of it off this thread: the kernel answers only after the readers have written what it holds.
    /// </summary>
    private async Task<UnmountOutcome> UnmountOrDetachAsync(Action<string> detach, CancellationToken cancellation)
    {
        long start = _options.Time.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Run(() => Unmounter.Unmount(Path), cancellation);
                return UnmountOutcome.Clean;
            }
            catch (FuseMountException e) when (e.Reason == MountFailure.NotMounted)
            {
                return UnmountOutcome.AlreadyGone;
            }
            catch (FuseMountException e) when (e.Reason == MountFailure.Busy)
            {
                if (_options.Time.GetElapsedTime(start) >= _options.UnmountWait)
                {
                    await Task.Run(() => detach(Path), cancellation);
                    return UnmountOutcome.Detached;
                }

                await Task.Delay(RetryEvery, _options.Time, cancellation);
            }
        }
    }

    private static void End(string path)
    {
        Unmounter.Flush(path);
        if (Libc.EffectiveUser() == 0)
        {
            Unmounter.Abort(path);
        }
        else
        {
            Unmounter.Detach(path);
        }
    }
}
