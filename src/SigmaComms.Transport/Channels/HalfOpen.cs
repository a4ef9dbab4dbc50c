namespace SigmaComms.Transport.Channels;

/// <summary>One connection that has not yet proved who it is.</summary>
internal sealed class HalfOpen
{
    /// <summary>Notes a connection.</summary>
    /// <param name="address">The key of its address.</param>
    /// <param name="end">Ends it when a newer one takes its place.</param>
    public HalfOpen(UInt128 address, Action end)
    {
        Address = address;
        End = end;
        Place = new LinkedListNode<HalfOpen>(this);
    }

    /// <summary>The key of its address.</summary>
    public UInt128 Address { get; }

    /// <summary>Ends the connection. Not to be called under a lock: what waits for its end may go on in here.</summary>
    public Action End { get; }

    /// <summary>Its place among those of its address; the table's own, under the table's lock.</summary>
    public LinkedListNode<HalfOpen> Place { get; }
}
