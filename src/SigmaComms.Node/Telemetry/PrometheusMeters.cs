using OpenTelemetry;
using OpenTelemetry.Metrics;
using SigmaComms.Cluster.Telemetry;

namespace SigmaComms.Node.Telemetry;

/// <summary>
/// The node's figures for Prometheus, cumulative. They are gathered from the first question on: a node that nobody
/// scrapes does not load what gathers them.
/// </summary>
internal sealed class PrometheusMeters : IDisposable
{
    private const int CollectMilliseconds = 5_000;

    private readonly Lock _gate = new();
    private MeterProvider? _provider;
    private PrometheusExporter? _exporter;

    /// <summary>The figures at this moment.</summary>
    public ReadOnlyMemory<byte> Scrape()
    {
        lock (_gate)
        {
            if (_exporter is null)
            {
                _exporter = new PrometheusExporter();
                _provider = Sdk.CreateMeterProviderBuilder()
                    .AddMeter(NodeFigures.MeterName)
                    .AddReader(new BaseExportingMetricReader(_exporter))
                    .Build();
            }

            _exporter.Collect!(CollectMilliseconds);
            return _exporter.Text;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _provider?.Dispose();
        }
    }
}
