namespace SigmaComms.Actors.Tests;

/// <summary>A failure that a test plants.</summary>
internal sealed class Planted(string message = "planted") : Exception(message);
