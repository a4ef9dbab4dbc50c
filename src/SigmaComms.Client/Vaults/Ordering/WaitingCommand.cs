namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>A command that waits for its group, or for its fate.</summary>
/// <param name="payload">What the log's machine reads.</param>
internal sealed class WaitingCommand(ReadOnlyMemory<byte> payload)
{
    private readonly TaskCompletionSource<CommandFate> _fate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the log's machine reads.</summary>
    public ReadOnlyMemory<byte> Payload => payload;

    /// <summary>What became of it.</summary>
    public Task<CommandFate> Fate => _fate.Task;

    /// <summary>Whether a copy of it may have been executed whose reply is lost.</summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Its fate is known; a refusal is none while a former copy is in doubt.</summary>
    public void End(CommandFate fate) => _fate.TrySetResult(
        IsInDoubt && fate.Refusal is not null ? CommandFate.Unknown(fate.Detail) : fate);
}
