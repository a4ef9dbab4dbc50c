namespace SigmaComms.Transport.Links;

/// <summary>A link's move from one connection to the next.</summary>
/// <param name="next">The connection that takes over.</param>
/// <param name="isDialler">Whether this side made it: it sends first on the new one, and closes the old one.</param>
internal sealed class LinkMove(LinkTransport next, bool isDialler)
{
    // What waits for them is short and the link's own, so it goes on in the loops: in a simulation on one thread
    // nothing may take the way over another one, where virtual time does not wait for it.
    private readonly TaskCompletionSource _written = new();
    private readonly TaskCompletionSource _read = new();

    /// <summary>The connection that takes over.</summary>
    public LinkTransport Next => next;

    /// <summary>Whether this side made the new connection.</summary>
    public bool IsDialler => isDialler;

    /// <summary>Completes when this side writes to the new connection.</summary>
    public Task Written => _written.Task;

    /// <summary>Completes when this side reads from the new connection.</summary>
    public Task Read => _read.Task;

    /// <summary>This side's last word on the old connection is on its way.</summary>
    public void NoteWritten() => _written.TrySetResult();

    /// <summary>The peer's last word on the old connection was read.</summary>
    public void NoteRead() => _read.TrySetResult();
}
