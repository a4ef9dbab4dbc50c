namespace SigmaComms.Messaging.Sessions;

/// <summary>What sealing a message gave.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Message">The sealed message; empty unless the status is <see cref="EncryptStatus.Ok"/>.</param>
public readonly record struct EncryptResult(EncryptStatus Status, byte[] Message)
{
    internal static EncryptResult Refused(EncryptStatus status) => new(status, []);
}
