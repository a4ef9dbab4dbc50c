namespace SigmaComms.Cluster.Control.Keys;

/// <summary>A command of <see cref="VoterDesk"/> was answered, or was not in time.</summary>
/// <param name="IsFinal">Whether the log decided on it.</param>
internal sealed record VoterAnswered(bool IsFinal);
