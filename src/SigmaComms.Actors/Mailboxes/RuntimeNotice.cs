namespace SigmaComms.Actors.Mailboxes;

/// <summary>
/// A word of the runtime that keeps its place among the messages. It is never refused: what an actor asked for bounds
/// how many there can be.
/// </summary>
internal sealed class RuntimeNotice(RuntimeNoticeKind kind, object subject, bool abandoned = false)
{
    public RuntimeNoticeKind Kind => kind;

    public object Subject => subject;

    /// <summary>Whether the ended actor left a handler behind.</summary>
    public bool Abandoned => abandoned;
}
