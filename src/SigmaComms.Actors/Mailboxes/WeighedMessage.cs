namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// A message with its size, as it lies in a mailbox that is bounded in bytes: what was added when it came is what is
/// taken off when it goes, whatever its sizer would say then.
/// </summary>
internal sealed class WeighedMessage(object message, int sizeBytes)
{
    public object Message => message;

    public int SizeBytes => sizeBytes;
}
