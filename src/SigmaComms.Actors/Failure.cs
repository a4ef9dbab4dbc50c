namespace SigmaComms.Actors;

/// <summary>An answer that makes an ask fail with the exception.</summary>
/// <param name="Cause">What failed.</param>
public sealed record Failure(Exception Cause);
