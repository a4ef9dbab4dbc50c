using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SigmaComms.Transport.Channels;

/// <summary>What counts as one address when connections are counted: an IPv4 address, or a whole IPv6 /64.</summary>
internal static class AddressKey
{
    private const int PrefixBytes = 8;

    /// <summary>The key of an address.</summary>
    public static UInt128 Of(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        plain.TryWriteBytes(bytes, out _);
        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[PrefixBytes..].Clear(); // One host has a whole /64.
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
