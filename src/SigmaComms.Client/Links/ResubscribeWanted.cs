namespace SigmaComms.Client.Links;

/// <summary>Messages were left with the mailbox and can be taken now: ask for them again.</summary>
internal sealed record ResubscribeWanted;
