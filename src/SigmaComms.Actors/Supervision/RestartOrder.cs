namespace SigmaComms.Actors.Supervision;

/// <summary>The supervisor's order to begin anew.</summary>
internal sealed record RestartOrder(Exception Cause, object? Message, TimeSpan Delay);
