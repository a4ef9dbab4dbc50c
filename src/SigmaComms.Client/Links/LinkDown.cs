namespace SigmaComms.Client.Links;

/// <summary>The link is gone.</summary>
internal sealed record LinkDown;
