namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// The account records that the initiator of a session worked from. A version higher than the known one means: fetch
/// the record anew.
/// </summary>
/// <param name="Sender">Version of the initiator's own record.</param>
/// <param name="Recipient">Version of this account's record that the initiator saw.</param>
public readonly record struct ListVersions(uint Sender, uint Recipient);
