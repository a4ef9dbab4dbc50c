using SigmaComms.Cryptography;

namespace SigmaComms.Vault.Transactions;

/// <summary>A log in memory as one writer uses it.</summary>
internal sealed class MemoryCommandLog(MemoryLog log, NodeId writer) : ICommandLog
{
    public NodeId Writer => writer;

    public ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (content.Length is 0 or > LogEntry.ContentSizeMax)
        {
            throw new ArgumentException("An entry has 1 to 65,492 bytes.", nameof(content));
        }

        return ValueTask.FromResult(vault == log.Vault
            ? log.Append(writer, sequence, content)
            : new LogAppend(LogStatus.VaultUnknown, 0));
    }

    public ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(vault == log.Vault
            ? log.Read(first)
            : new LogRange(LogStatus.VaultUnknown, 0, default, default, []));
    }

    public async ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation)
    {
        while (!log.GrowthBeyond(count).IsCompleted)
        {
            await log.GrowthBeyond(count).WaitAsync(cancellation);
        }
    }

    public ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(vault == log.Vault ? log.Trim(writer, first) : LogStatus.VaultUnknown);
    }
}
