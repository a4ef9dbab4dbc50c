namespace SigmaComms.Cluster.Control.Keys;

/// <summary>A command of <see cref="VoterDesk"/> was answered, or was not in time.</summary>
internal sealed record VoterAnswered;
