using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SigmaComms.Node.Telemetry;

/// <summary>Turns the figures of one collection into Prometheus' text.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The text of the last collection.</summary>
    public byte[] Text { get; private set; } = [];

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        PrometheusText text = new();
        foreach (Metric metric in batch)
        {
            Write(text, metric);
        }

        Text = text.ToBytes();
        return ExportResult.Success;
    }

    private static void Write(PrometheusText text, Metric metric)
    {
        bool isCounter = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        bool isHistogram = metric.MetricType == MetricType.Histogram;
        if (metric.MetricType == MetricType.ExponentialHistogram)
        {
            return;
        }

        string name = PrometheusText.NameOf(metric.Name, metric.Unit, isCounter);
        text.Begin(name, isCounter ? "counter" : isHistogram ? "histogram" : "gauge", metric.Description);
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            List<KeyValuePair<string, string>> labels = LabelsOf(point);
            if (isHistogram)
            {
                WriteHistogram(text, name, labels, point);
            }
            else
            {
                text.Sample(name, labels, ValueOf(metric.MetricType, point));
            }
        }
    }

    private static void WriteHistogram(
        PrometheusText text, string name, List<KeyValuePair<string, string>> labels, in MetricPoint point)
    {
        long sum = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            sum += bucket.BucketCount;
            text.Sample(
                name + "_bucket",
                [.. labels, new("le", PrometheusText.Number(bucket.ExplicitBound))],
                sum);
        }

        text.Sample(name + "_sum", labels, point.GetHistogramSum());
        text.Sample(name + "_count", labels, point.GetHistogramCount());
    }

    private static double ValueOf(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static List<KeyValuePair<string, string>> LabelsOf(in MetricPoint point)
    {
        List<KeyValuePair<string, string>> labels = [];
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            labels.Add(new(tag.Key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? ""));
        }

        return labels;
    }
}
