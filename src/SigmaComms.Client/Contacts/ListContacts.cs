namespace SigmaComms.Client.Contacts;

/// <summary>Asks who is known.</summary>
internal sealed record ListContacts(TaskCompletionSource<IReadOnlyList<ContactSummary>> Answer);
