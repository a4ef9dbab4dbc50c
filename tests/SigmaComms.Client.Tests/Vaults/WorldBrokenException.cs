namespace SigmaComms.Client.Tests.Vaults;

/// <summary>The process was killed here.</summary>
internal sealed class WorldBrokenException(string point) : Exception($"broken at {point}");
