using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults;

/// <summary>A change of the namespace that counts whole or not at all.</summary>
/// <param name="path">What it is about, for messages.</param>
/// <param name="plan">
/// Makes the operations for a state. It throws what would keep them from counting; it runs again when somebody else's
/// change came first. None: there is nothing to do.
/// </param>
/// <param name="epoch">Of the key its new stripes are sealed with; 0 if there are none.</param>
internal sealed class Change(
    VaultPath path, Func<NamespaceState, IReadOnlyList<NamespaceOperation>> plan, int epoch = 0)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VaultPath Path { get; } = path;

    public int Epoch { get; } = epoch;

    /// <summary>Whether its stripes must not be added any more. Default: never.</summary>
    public Func<bool> IsOverdue { get; init; } = static () => false;

    /// <summary>Whether an entry with it may still be on its way, though nobody waits for it any more.</summary>
    public bool IsInDoubt { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>True once it counts; false if its stripes have to be sealed anew, so that it cannot.</summary>
    public Task<bool> Done => _done.Task;

    public IReadOnlyList<NamespaceOperation> Plan(NamespaceState state) => plan(state);

    public void Finish(bool counts) => _done.TrySetResult(counts);

    public void Fail(Exception why) => _done.TrySetException(why);
}
