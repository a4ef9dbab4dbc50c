namespace SigmaComms.EndToEnd.Tests.Processes;

/// <summary>A test with a real Prometheus; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute() => Skip = PrometheusProcess.WhyNot;
}
