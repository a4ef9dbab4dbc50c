using System.Text.Json;

namespace SigmaComms.Node.Configuration;

/// <summary>A node's part in the control log.</summary>
/// <param name="DelayMilliseconds">
/// How long a message between validators takes at most, as a rule, with signing and writing.
/// </param>
/// <param name="SegmentMiB">The size of each file of its write-ahead log, set aside at once.</param>
internal sealed record ControlConfiguration(
    int DelayMilliseconds = ControlConfiguration.DelayUsual, int SegmentMiB = ControlConfiguration.SegmentUsual)
{
    private const int DelayUsual = 100;
    private const int SegmentUsual = 64;

    /// <summary>Takes it from its object.</summary>
    public static ControlConfiguration Read(ConfigurationObject control) => new(
        control.Number("delayMilliseconds", 10, 10_000, DelayUsual),
        control.Number("segmentMiB", 1, 1_024, SegmentUsual));

    /// <summary>Writes it, if there is something to write.</summary>
    public void Save(Utf8JsonWriter writer)
    {
        if (this == new ControlConfiguration())
        {
            return;
        }

        writer.WriteStartObject("control");
        writer.WriteNumber("delayMilliseconds", DelayMilliseconds);
        writer.WriteNumber("segmentMiB", SegmentMiB);
        writer.WriteEndObject();
    }
}
