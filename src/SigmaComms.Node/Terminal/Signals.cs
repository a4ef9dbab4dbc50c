using System.Runtime.InteropServices;

namespace SigmaComms.Node.Terminal;

/// <summary>Turns SIGINT and SIGTERM into a cancellation, and remembers which it was for the exit code.</summary>
/// <remarks>A second signal ends the process at once, as it would without this type.</remarks>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _received;

    /// <summary>Starts to listen.</summary>
    public Signals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            Receive(context, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            Receive(context, ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>What to exit with because of the signal; null if there was none.</summary>
    public ExitCode? Received => _received == 0 ? null : (ExitCode)_received;

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Receive(PosixSignalContext context, ExitCode exitCode)
    {
        if (Interlocked.CompareExchange(ref _received, (int)exitCode, 0) == 0)
        {
            context.Cancel = true;
            _stop.Cancel();
        }
    }
}
