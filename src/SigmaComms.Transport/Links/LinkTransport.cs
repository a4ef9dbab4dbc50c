using System.IO.Pipelines;

namespace SigmaComms.Transport.Links;

/// <summary>One of the connections that a link goes over, one after the other.</summary>
internal sealed class LinkTransport(IDuplexPipe pipe)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _closing;

    /// <summary>Where bytes come from.</summary>
    public PipeReader Input => pipe.Input;

    /// <summary>Where bytes go.</summary>
    public PipeWriter Output => pipe.Output;

    /// <summary>Completes, never with an error, when the connection is closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Closes the connection, after both loops have left it. May be called twice.</summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            try
            {
                await ClosePipeAsync();
            }
            catch (Exception)
            {
                // Whatever the end of the connection threw, it is gone, and nobody is waiting for bytes of it.
            }

            _closed.TrySetResult();
        }

        await _closed.Task;
    }

    private async ValueTask ClosePipeAsync()
    {
        if (pipe is IAsyncDisposable owned)
        {
            await owned.DisposeAsync();
            return;
        }

        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    }
}
