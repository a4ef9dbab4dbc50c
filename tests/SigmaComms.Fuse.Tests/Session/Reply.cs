using System.Runtime.InteropServices;
using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>A reply that was sent to the kernel.</summary>
internal sealed record Reply(ulong Unique, Errno Error, byte[] Payload)
{
    public static Reply From(byte[] message)
    {
        ReplyHeader header = MemoryMarshal.Read<ReplyHeader>(message);
        Assert.Equal((uint)message.Length, header.Length);
        return new Reply(header.Unique, (Errno)(-header.Error), message[Marshal.SizeOf<ReplyHeader>()..]);
    }
}
