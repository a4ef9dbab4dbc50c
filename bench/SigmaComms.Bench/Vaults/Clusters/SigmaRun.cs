using System.Text.Json;

namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>A sigma that ran to its end.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Data">What it wrote.</param>
/// <param name="Notes">What it said beside.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="PeakMebibytes">The most memory that was resident at once.</param>
internal sealed record SigmaRun(int ExitCode, string Data, string Notes, double Seconds, double PeakMebibytes)
{
    /// <summary>What it wrote with --json.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Data);

    /// <summary>The time of the transfer by its own clock, without its start and the opening of the vault.</summary>
    public double TransferSeconds => Json.GetProperty("seconds").GetDouble();
}
