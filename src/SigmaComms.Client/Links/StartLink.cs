namespace SigmaComms.Client.Links;

/// <summary>Everything that was stored is read: messages may come in now.</summary>
internal sealed record StartLink;
