using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol;

namespace SigmaComms.Fuse.Session;

/// <summary>The threads that read from the kernel, and what they share.</summary>
internal sealed class Connection
{
    private const int MessageExtraBytes = 4096;
    private readonly IKernelDevice _device;
    private readonly FuseFileSystem _files;
    private readonly Action<FuseOpcode, Exception>? _faulted;
    private readonly RequestPool _requests;
    private readonly BufferPool _buffers;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public Connection(IKernelDevice device, FuseFileSystem files, FuseOptions options)
    {
        _device = device;
        _files = files;
        _faulted = options.Faulted;
        _buffers = new BufferPool(options.TransferBytesMax + MessageExtraBytes);
        _requests = new RequestPool(_buffers);
        Gate = new InFlightGate(options.Readers, options.InFlightBytesMax);
        Dispatcher = new Dispatcher(files, options, device, _requests, Gate);
        Notifier = new Notifier(device);
        _running = options.Readers;
    }

    public Dispatcher Dispatcher { get; }

    public InFlightGate Gate { get; }

    public Notifier Notifier { get; }

    /// <summary>Ends when the kernel asks nothing more, no operation runs and the filesystem is told so.</summary>
    public Task Ended => _ended.Task;

    public void Start()
    {
        int readers = _running;
        for (int i = 0; i < readers; i++)
        {
            new Thread(Read) { IsBackground = true, Name = "fuse reader" }.Start();
        }
    }

    private void Read()
    {
        PinnedBuffer? buffer = null;
        while (true)
        {
            Gate.WaitForRoom();
            buffer ??= _buffers.Rent(_buffers.LargeBytes);
            int length = _device.Read(buffer.Bytes);
            if (length >= 0)
            {
                FuseRequest request = _requests.Rent();
                if (request.TryBegin(buffer.Bytes.AsSpan(0, length), ref buffer))
                {
                    Dispatcher.Dispatch(request);
                }
                else
                {
                    _requests.Return(request);
                }
            }
            else if ((Errno)(-length) is not (Errno.Interrupted or Errno.TryAgain or Errno.NoEntry))
            {
                // ENODEV: unmounted. Anything else does not get better by asking again.
                if ((Errno)(-length) != Errno.NoDevice)
                {
                    _faulted?.Invoke(
                        FuseOpcode.None, new IOException($"Reading requests failed with error {-length}."));
                }

                break;
            }
        }

        // Readers that wait for room find out too.
        Gate.End();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _ = EndAsync();
        }
    }

    private async Task EndAsync()
    {
        _requests.InterruptAll();
        await Gate.DrainAsync();
        await Notifier.DisposeAsync();
        _files.Destroy();
        _device.Dispose();
        _ended.TrySetResult();
    }
}
