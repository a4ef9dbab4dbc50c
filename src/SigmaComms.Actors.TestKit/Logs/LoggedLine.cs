using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors.TestKit.Logs;

/// <summary>A line that was logged.</summary>
/// <param name="Level">How grave.</param>
/// <param name="Event">Its id.</param>
/// <param name="Text">The text, formatted.</param>
/// <param name="Exception">The exception that belongs to it, or null.</param>
public sealed record LoggedLine(LogLevel Level, EventId Event, string Text, Exception? Exception)
{
    /// <summary>One line, for a failure message.</summary>
    public override string ToString() =>
        Exception is null ? $"{Level} {Event.Id}: {Text}" : $"{Level} {Event.Id}: {Text} ({Exception.GetType().Name})";
}
