using SigmaComms.Actors.Health;

namespace SigmaComms.Cluster.Health;

/// <summary>A check or component at one moment, without its age.</summary>
/// <param name="Name">What is judged.</param>
/// <param name="Code">What was found; ok or the state if there is nothing.</param>
/// <param name="Verdict">How bad that is.</param>
/// <param name="Detail">The measured figures.</param>
/// <param name="Recommendation">What to do, or null.</param>
internal sealed record Finding(
    string Name, string Code, Verdict Verdict, string Detail, string? Recommendation = null);
