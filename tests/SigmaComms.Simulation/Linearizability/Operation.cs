namespace SigmaComms.Simulation.Linearizability;

/// <summary>What one client asked and was told, and when. Times may be of any clock that all clients share.</summary>
/// <param name="Client">The client; its operations do not overlap.</param>
/// <param name="Input">What it asked.</param>
/// <param name="Invoked">When it asked.</param>
/// <param name="Output">What it was told; of no meaning if it never was.</param>
/// <param name="Returned">When it was told; null if never: it may have happened at any time, or not at all.</param>
internal sealed record Operation<TInput, TOutput>(
    int Client, TInput Input, long Invoked, TOutput? Output, long? Returned);
