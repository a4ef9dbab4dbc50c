namespace SigmaComms.Actors.Supervision;

/// <summary>One failure on its way to the supervisor.</summary>
/// <param name="Child">Who failed.</param>
/// <param name="Cause">Why.</param>
/// <param name="Message">What it was handling, or null.</param>
/// <param name="AtStart">It failed before it ran.</param>
/// <param name="Number">Counts the child's failures; only the decision about the last one lets it go on.</param>
/// <param name="OrdersSeen">Restart orders that the child had got before.</param>
internal sealed record ActorFailure(
    ActorCell Child, Exception Cause, object? Message, bool AtStart, long Number, int OrdersSeen);
