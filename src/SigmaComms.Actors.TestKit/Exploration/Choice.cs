namespace SigmaComms.Actors.TestKit.Exploration;

/// <summary>What was chosen, of how many options.</summary>
internal readonly record struct Choice(int Index, int Count);
