using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;
using SigmaComms.Persistence;

namespace SigmaComms.Node.Tests.Agents;

public sealed class DiskFaultLoggerTests
{
    private static readonly Action<ILogger, Exception?> Tell =
        LoggerMessage.Define(LogLevel.Warning, new EventId(1), "A part failed");

    [Fact]
    public void The_last_refusal_of_the_disk_is_kept_however_deep_it_lies_and_explains_the_delay()
    {
        DiskFaultLogger logger = new(NullLogger.Instance);
        JournalException full = new(JournalFailure.DiskFull, "The volume is full.");

        Tell(logger, null);
        Tell(logger, new InvalidOperationException("restarted", full));
        Tell(logger, new InvalidOperationException("something else"));

        Assert.Same(full, logger.Last);
        CommandException fault = SendDelay.Explain("beta", logger.Last!);
        Assert.Equal((ExitCode.Failure, "The volume is full."), (fault.ExitCode, fault.Why));
    }
}
