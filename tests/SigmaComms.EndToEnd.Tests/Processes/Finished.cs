namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>A process that ended.</summary>
internal sealed record Finished(int ExitCode, string Data, string Notes)
{
    public override string ToString() => $"exit code {ExitCode}\ndata:\n{Data}\nnotes:\n{Notes}";
}
