namespace SigmaComms.Client.Sessions;

/// <summary>Counters in a row.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public readonly record struct CounterRun(ulong First, ulong Last);
