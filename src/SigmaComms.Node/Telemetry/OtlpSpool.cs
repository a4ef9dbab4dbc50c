using System.Globalization;
using SigmaComms.Node.Configuration;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// Telemetry on its way to the server, one numbered file for each request, in a folder for its owner only. It outlives
/// the process; when it is full the oldest gives way, and that is counted. A file counts with the blocks it takes, so
/// that many small ones do not fill the disk. In memory there are only two numbers and a sum, however much waits. Safe
/// to call from any thread.
/// </summary>
internal sealed class OtlpSpool : IDisposable
{
    private const string Extension = ".otlp";
    private const string Unfinished = ".new";
    private const int ReadsMax = 10;
    private const int BlockBytes = 4_096;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly string _folder;
    private readonly long _bytesMax;
    private long _first = 1;
    private long _next = 1;
    private long _bytes;
    private long _dropped;
    private int _failedReads;

    /// <summary>Opens the folder with what an earlier process left there.</summary>
    /// <param name="folder">Made if it is missing.</param>
    /// <param name="bytesMax">What it may take on disk at most.</param>
    public OtlpSpool(string folder, long bytesMax)
    {
        _folder = folder;
        _bytesMax = bytesMax;
        SigmaHome.CreatePrivate(folder);
        long first = long.MaxValue;
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (file.Extension == Unfinished)
            {
                file.Delete();
            }
            else if (NumberOf(file) is { } number)
            {
                first = Math.Min(first, number);
                _next = Math.Max(_next, number + 1);
                _bytes += OnDisk(file.Length);
            }
        }

        _first = Math.Min(first, _next);
        if (_first < _next)
        {
            _arrived.Release();
        }
    }

    /// <summary>What it takes on disk.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Requests that wait, at most.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _next - _first;
            }
        }
    }

    /// <summary>Requests that were lost.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Keeps a request until the server has it. The caller goes on, whether it was kept or not.</summary>
    /// <returns>False if it is lost: too large, or the disk does not take it.</returns>
    public bool Add(OtlpSignal signal, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            long size = OnDisk(body.Length + 1L);
            if (size > _bytesMax)
            {
                _dropped++;
                return false;
            }

            while (_bytes + size > _bytesMax && _first < _next)
            {
                Remove(_first);
                _dropped++;
            }

            if (!TryWrite(_next, signal, body))
            {
                _dropped++;
                return false;
            }

            _bytes += size;
            _next++;
        }

        Wake();
        return true;
    }

    /// <summary>
    /// The oldest request, or null if none waits or it cannot be read now. It stays until it is removed.
    /// </summary>
    public SpooledBatch? Peek()
    {
        lock (_gate)
        {
            while (_first < _next)
            {
                if (TryRead(_first, out bool isUnreadable) is { } batch)
                {
                    _failedReads = 0;
                    return batch;
                }

                // A process without file handles finds nothing readable for a while; it must not lose all for that.
                if (isUnreadable && ++_failedReads < ReadsMax)
                {
                    return null;
                }

                _failedReads = 0;
                Remove(_first);
                _dropped++;
            }

            _bytes = 0;
            return null;
        }
    }

    /// <summary>The server has it, or will never take it.</summary>
    public void Complete(SpooledBatch batch, bool taken)
    {
        lock (_gate)
        {
            if (batch.Number >= _first)
            {
                Remove(batch.Number);
                _dropped += taken ? 0 : 1;
            }
            else if (taken)
            {
                // It gave way to a newer one while it was on its way, and was counted then; it arrived all the same.
                _dropped--;
            }
        }
    }

    /// <summary>Ends when something has arrived.</summary>
    public Task WaitAsync(CancellationToken ct) => _arrived.WaitAsync(ct);

    /// <summary>What waits stays on disk.</summary>
    public void Dispose() => _arrived.Dispose();

    private static long OnDisk(long size) => (size + BlockBytes - 1) / BlockBytes * BlockBytes;

    private void Wake()
    {
        try
        {
            _arrived.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    private bool TryWrite(long number, OtlpSignal signal, ReadOnlySpan<byte> body)
    {
        string path = PathOf(number);
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (FileStream file = new(path + Unfinished, options))
            {
                file.WriteByte((byte)signal);
                file.Write(body);
            }

            File.Move(path + Unfinished, path, overwrite: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private SpooledBatch? TryRead(long number, out bool isUnreadable)
    {
        isUnreadable = false;
        try
        {
            byte[] content = File.ReadAllBytes(PathOf(number));
            return content.Length > 1 && content[0] is >= (byte)OtlpSignal.Logs and <= (byte)OtlpSignal.Metrics
                ? new SpooledBatch(number, (OtlpSignal)content[0], content.AsMemory(1))
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            isUnreadable = error is not (FileNotFoundException or DirectoryNotFoundException);
            return null;
        }
    }

    private void Remove(long number)
    {
        FileInfo file = new(PathOf(number));
        try
        {
            if (file.Exists)
            {
                _bytes = Math.Max(0, _bytes - OnDisk(file.Length));
                file.Delete();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted cannot be written either; the check of the disk tells.
        }

        _first = Math.Max(_first, number + 1);
    }

    private string PathOf(long number) =>
        Path.Combine(_folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    private static long? NumberOf(FileInfo file) => file.Extension == Extension
        && long.TryParse(
            Path.GetFileNameWithoutExtension(file.Name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long number)
        && number > 0
            ? number
            : null;
}
