using SigmaComms.Actors.Health;

namespace SigmaComms.Cluster.Health;

/// <summary>One named reason for the verdict.</summary>
/// <param name="Name">What is checked, such as storage.</param>
/// <param name="Code">The finding, for programs; ok if there is none.</param>
/// <param name="Verdict">How bad that is.</param>
/// <param name="Age">For how long the finding has been this one.</param>
/// <param name="Detail">The measured figures, for people.</param>
/// <param name="Recommendation">What to do, with the figure and the option; null if nothing is to be done.</param>
public sealed record HealthCheck(
    string Name, string Code, Verdict Verdict, TimeSpan Age, string Detail, string? Recommendation);
