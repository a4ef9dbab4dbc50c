using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Vault.Tests.Transactions;

/// <summary>A log behind nodes that lie: what is read is changed on its way, and answers are lost.</summary>
internal sealed class BentLog(ICommandLog inner) : ICommandLog
{
    public NodeId Writer => inner.Writer;

    /// <summary>Changes what is read.</summary>
    public Func<LogRange, LogRange> Bend { get; set; } = range => range;

    /// <summary>How many of the next appends are done without an answer.</summary>
    public int LostAnswers { get; set; }

    /// <summary>How many of the next appends never arrive.</summary>
    public int LostAppends { get; set; }

    public async ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if (LostAppends > 0)
        {
            LostAppends--;
            return new LogAppend(LogStatus.Unreachable, 0);
        }

        LogAppend answer = await inner.AppendAsync(vault, sequence, content, cancellation);
        if (LostAnswers > 0)
        {
            LostAnswers--;
            return new LogAppend(LogStatus.Unreachable, 0);
        }

        return answer;
    }

    public async ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        Bend(await inner.ReadAsync(vault, first, cancellation));

    public ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation) =>
        inner.WaitAsync(vault, count, cancellation);

    public ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation) =>
        inner.TrimAsync(vault, first, cancellation);
}
