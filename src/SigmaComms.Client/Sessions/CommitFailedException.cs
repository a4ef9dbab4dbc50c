using SigmaComms.Persistence;

namespace SigmaComms.Client.Sessions;

/// <summary>The journal did not confirm a commit: its writer must start again from what is stored.</summary>
/// <param name="status">What the journal said.</param>
/// <param name="reason">Its words, if it had any.</param>
internal sealed class CommitFailedException(AppendStatus status, string? reason)
    : Exception($"The journal answered {status}. {reason}")
{
    /// <summary>What the journal said.</summary>
    public AppendStatus Status { get; } = status;
}
