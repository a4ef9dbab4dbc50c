namespace SigmaComms.Fuse.Native;

/// <summary>The kernel's end of a connection: one request for each read, one reply for each write.</summary>
internal interface IKernelDevice : IDisposable
{
    /// <summary>Waits for a request. Its length, or an error as a negative number.</summary>
    int Read(Span<byte> buffer);

    /// <summary>
    /// Sends a whole reply or notification, from any thread. Its length, or an error as a negative number.
    /// </summary>
    int Write(ReadOnlySpan<byte> message);
}
