using SigmaComms.Cryptography;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Tests.Vaults;

/// <summary>The logs of a pretended cluster as one device uses them; it may break at each call.</summary>
internal sealed class WorldLog(VaultWorld world, NodeId device) : ICommandLog
{
    public NodeId Writer => device;

    /// <summary>Answers in place of the log, if it gives any.</summary>
    public Func<LogRange, LogRange>? Bend { get; set; }

    /// <summary>How many appends get no answer although they count.</summary>
    public int AnswersLost { get; set; }

    /// <summary>Whether an append gets lost on its way, and nothing answers.</summary>
    public Func<bool> Loses { get; set; } = static () => false;

    /// <summary>Waited for before each append.</summary>
    public Func<Task> BeforeAppend { get; set; } = static () => Task.CompletedTask;

    /// <summary>How many appends there were.</summary>
    public int Appends { get; set; }

    /// <summary>What is answered to appends, though they count; null: the truth.</summary>
    public LogAppend? Lie { get; set; }

    public async ValueTask<LogAppend> AppendAsync(
        Digest vault, ulong sequence, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        world.Point("append");
        await Task.Yield();
        await BeforeAppend();
        if (Loses())
        {
            return new LogAppend(LogStatus.Unreachable, 0);
        }

        if (!world.Logs.TryGetValue(vault, out MemoryVault? found))
        {
            return new LogAppend(LogStatus.VaultUnknown, 0);
        }

        LogAppend answer = await found.Log.As(device).AppendAsync(vault, sequence, content, cancellation);
        Appends++;
        answer = Lie ?? answer;
        world.Point("appended");
        if (AnswersLost > 0)
        {
            AnswersLost--;
            return new LogAppend(LogStatus.Unreachable, 0);
        }

        return answer;
    }

    public async ValueTask<LogRange> ReadAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        world.Point("read");
        if (!world.Logs.TryGetValue(vault, out MemoryVault? found))
        {
            return new LogRange(LogStatus.VaultUnknown, 0, default, default, []);
        }

        LogRange range = await found.Log.As(device).ReadAsync(vault, first, cancellation);
        range = world.PageSize is { } size && range.Entries.Count > size
            ? range with { Entries = [.. range.Entries.Take(size)] }
            : range;
        return Bend is { } bend ? bend(range) : range;
    }

    public ValueTask WaitAsync(Digest vault, ulong count, CancellationToken cancellation) =>
        world.Logs[vault].Log.As(device).WaitAsync(vault, count, cancellation);

    public ValueTask<LogStatus> TrimAsync(Digest vault, ulong first, CancellationToken cancellation)
    {
        world.Point("trim");
        return world.Logs[vault].Log.As(device).TrimAsync(vault, first, cancellation);
    }
}
