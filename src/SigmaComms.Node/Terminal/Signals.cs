using System.Globalization;
using System.Runtime.InteropServices;

namespace SigmaComms.Node.Terminal;

/// <summary>
/// Turns SIGINT, SIGTERM and SIGHUP into a cancellation, and remembers which it was for the exit code.
/// </summary>
/// <remarks>
/// The same signal once more ends the process at once, as it would without this type. Another one does not: a terminal
/// and a parent process may both ask, and what was begun must still be cleaned up.
/// </remarks>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration? _hangUp;
    private int _received;

    /// <summary>Starts to listen.</summary>
    public Signals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            Receive(context, ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            Receive(context, ExitCode.Terminated));
        _hangUp = IsHangUpIgnored() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            Receive(context, ExitCode.HungUp));
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
        _hangUp?.Dispose();
        _stop.Dispose();
    }

    /// <summary>nohup wants the process to outlive its terminal: bit 0 of the ignored signals is SIGHUP.</summary>
    private static bool IsHangUpIgnored()
    {
        const string field = "SigIgn:";
        const string status = "/proc/self/status";
        string? line = File.Exists(status)
            ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
            : null;
        return line is not null
            && ulong.TryParse(line.AsSpan(field.Length).Trim(), NumberStyles.HexNumber, null, out ulong ignored)
            && (ignored & 1) != 0;
    }

    private void Receive(PosixSignalContext context, ExitCode exitCode)
    {
        if (Interlocked.CompareExchange(ref _received, (int)exitCode, 0) == 0)
        {
            context.Cancel = true;
            _stop.Cancel();
        }
        else
        {
            context.Cancel = _received != (int)exitCode;
        }
    }
}
