namespace SigmaComms.Client.Contacts;

/// <summary>Something of this peer could not be opened: its record may be newer than the known one.</summary>
internal sealed record RefreshContact(string Name);
