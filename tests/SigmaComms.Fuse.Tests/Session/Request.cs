using System.Runtime.InteropServices;
using System.Text;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Tests.Session;

/// <summary>Requests as the kernel sends them.</summary>
internal static class Request
{
    public const InitFlags AllFlags = (InitFlags)ulong.MaxValue;

    public static byte[] Of(FuseOpcode opcode, ulong unique, ulong node, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(part => part)];
        var header = new RequestHeader
        {
            Length = (uint)(Marshal.SizeOf<RequestHeader>() + body.Length),
            Opcode = unchecked((uint)opcode),
            Unique = unique,
            Node = node,
        };
        return [.. Bytes(header), .. body];
    }

    public static byte[] Init(uint minor = 40, uint major = 7, InitFlags flags = AllFlags)
    {
        var init = new InitIn
        {
            Major = major,
            Minor = minor,
            ReadAheadMax = 1 << 20,
            Flags = (uint)((ulong)flags & uint.MaxValue),
            Flags2 = (uint)((ulong)flags >> 32),
        };
        byte[] body = Bytes(init);
        return Of(FuseOpcode.Init, 1, 0, minor < 36 ? body[..16] : body);
    }

    public static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    public static byte[] Bytes<T>(T value)
        where T : unmanaged
    {
        byte[] bytes = new byte[Marshal.SizeOf<T>()];
        MemoryMarshal.Write(bytes, in value);
        return bytes;
    }
}
