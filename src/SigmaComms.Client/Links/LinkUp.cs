namespace SigmaComms.Client.Links;

/// <summary>A link stands; the board has it.</summary>
internal sealed record LinkUp;
