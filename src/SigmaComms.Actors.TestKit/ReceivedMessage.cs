namespace SigmaComms.Actors.TestKit;

/// <summary>A message that a probe got.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who sent it, or null.</param>
internal readonly record struct ReceivedMessage(object Message, IActorRef? Sender)
{
    /// <summary>For a failure message.</summary>
    public override string ToString()
    {
        string type = Message.GetType().Name;
        string text = $"{Message}";
        string what = text.Contains(type, StringComparison.Ordinal) ? text : $"{type} {text}";
        return Sender is null ? what : $"{what} from {Sender.Path.Elements}";
    }
}
