namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>Neighbouring messages of one chain that a later one has skipped.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct SkippedRun(SkippedPosition First, uint Count);
