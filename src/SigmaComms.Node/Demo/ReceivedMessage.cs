namespace SigmaComms.Node.Demo;

/// <summary>A message that a client process handed over.</summary>
/// <param name="Text">The text, or null.</param>
/// <param name="FilePath">Where the attachment was saved, or null.</param>
/// <param name="At">When it was there, in the clock's ticks.</param>
internal sealed record ReceivedMessage(string? Text, string? FilePath, long At);
