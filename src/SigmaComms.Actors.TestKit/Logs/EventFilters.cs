using Microsoft.Extensions.Logging;

namespace SigmaComms.Actors.TestKit.Logs;

/// <summary>
/// Expectations about what is logged while a part of a test runs, by the runtime and by whatever is given
/// <see cref="Logger"/>.
/// </summary>
public sealed class EventFilters
{
    private readonly TestSystem _system;
    private readonly TestLog _log;

    internal EventFilters(TestSystem system, TestLog log)
    {
        _system = system;
        _log = log;
    }

    /// <summary>Whose lines are looked at.</summary>
    public ILogger Logger => _log;

    /// <summary>Lines of the level debug.</summary>
    /// <param name="contains">What their text contains, or null for any.</param>
    /// <param name="eventId">Their id, or null for any.</param>
    public EventFilter Debug(string? contains = null, int? eventId = null) => Of(LogLevel.Debug, contains, eventId);

    /// <summary>Lines of the level information.</summary>
    /// <param name="contains">What their text contains, or null for any.</param>
    /// <param name="eventId">Their id, or null for any.</param>
    public EventFilter Info(string? contains = null, int? eventId = null) =>
        Of(LogLevel.Information, contains, eventId);

    /// <summary>Lines of the level warning.</summary>
    /// <param name="contains">What their text contains, or null for any.</param>
    /// <param name="eventId">Their id, or null for any.</param>
    public EventFilter Warning(string? contains = null, int? eventId = null) =>
        Of(LogLevel.Warning, contains, eventId);

    /// <summary>Lines of the level error or critical.</summary>
    /// <param name="contains">What their text contains, or null for any.</param>
    /// <param name="eventId">Their id, or null for any.</param>
    public EventFilter Error(string? contains = null, int? eventId = null) => new(
        _system, _log, $"error{Describe(contains, eventId)}",
        line => line.Level >= LogLevel.Error && Fits(line, contains, eventId));

    /// <summary>Lines with an exception of the type, or of one derived from it.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="contains">What its message contains, or null for any.</param>
    public EventFilter Exception<T>(string? contains = null)
        where T : Exception => new(
            _system, _log, $"line with {typeof(T).Name}{Describe(contains, null)}",
            line => line.Exception is T cause
                && cause.Message.Contains(contains ?? string.Empty, StringComparison.Ordinal));

    /// <summary>Lines that fit.</summary>
    /// <param name="fits">Which.</param>
    public EventFilter Custom(Predicate<LoggedLine> fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        return new EventFilter(_system, _log, "fitting line", fits);
    }

    private static bool Fits(LoggedLine line, string? contains, int? eventId) =>
        line.Text.Contains(contains ?? string.Empty, StringComparison.Ordinal)
        && (eventId ?? line.Event.Id) == line.Event.Id;

    private static string Describe(string? contains, int? eventId) =>
        (eventId is null ? string.Empty : $" {eventId}") + (contains is null ? string.Empty : $" with \"{contains}\"");

    private EventFilter Of(LogLevel level, string? contains, int? eventId) => new(
        _system, _log, $"{level}{Describe(contains, eventId)}",
        line => line.Level == level && Fits(line, contains, eventId));
}
