namespace SigmaComms.Actors.Mailboxes;

/// <summary>One word of the runtime to an actor's cell; never dropped, always before the next user message.</summary>
internal sealed class SystemMessage(SystemMessageKind kind, object? subject = null, long generation = 0)
{
    public SystemMessageKind Kind => kind;

    public object? Subject => subject;

    public long Generation => generation;

    /// <summary>The next one in the queue; the last one's is the first. Null outside of a queue.</summary>
    public SystemMessage? Next { get; set; }
}
