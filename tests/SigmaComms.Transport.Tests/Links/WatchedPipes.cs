using System.IO.Pipelines;

namespace SigmaComms.Transport.Tests.Links;

/// <summary>A connection in memory that tells whether both ends closed it.</summary>
internal sealed class WatchedPipes
{
    private int _closed;

    public WatchedPipes()
    {
        var pipes = new PipePair();
        Left = new End(pipes.Left, this);
        Right = new End(pipes.Right, this);
    }

    public IDuplexPipe Left { get; }

    public IDuplexPipe Right { get; }

    public bool IsClosed => Volatile.Read(ref _closed) == 2;

    private sealed class End(IDuplexPipe pipe, WatchedPipes owner) : IDuplexPipe, IAsyncDisposable
    {
        public PipeReader Input => pipe.Input;

        public PipeWriter Output => pipe.Output;

        public async ValueTask DisposeAsync()
        {
            await pipe.Output.CompleteAsync();
            await pipe.Input.CompleteAsync();
            Interlocked.Increment(ref owner._closed);
        }
    }
}
