using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>Where a node listens, as "host:port" texts; how they are written and read.</summary>
public static class NodeAddresses
{
    /// <summary>Most addresses: 8.</summary>
    public const int CountMax = 8;

    /// <summary>The longest address: 128 printable ASCII characters.</summary>
    public const int LengthMax = 128;

    /// <summary>Whether there are not too many, and each is printable and not too long.</summary>
    /// <param name="addresses">The addresses.</param>
    public static bool AreWellFormed(IReadOnlyList<string> addresses) =>
        addresses.Count <= CountMax && addresses.All(IsWellFormed);

    /// <summary>Writes the addresses.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="addresses">The addresses.</param>
    public static void Write(WireWriter writer, IReadOnlyList<string> addresses)
    {
        writer.U8((byte)addresses.Count);
        foreach (string address in addresses)
        {
            writer.Opaque8(Encoding.ASCII.GetBytes(address));
        }
    }

    /// <summary>Reads addresses; the reader fails if there are none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="addresses">The addresses, or null.</param>
    /// <returns>False, with a failed reader, if there are too many or one is not well formed.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out IReadOnlyList<string>? addresses)
    {
        int count = reader.U8();
        if (count > CountMax)
        {
            reader.Fail();
        }

        List<string> read = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            string address = Encoding.Latin1.GetString(reader.Opaque8(LengthMax));
            if (!IsWellFormed(address))
            {
                reader.Fail();
            }

            read.Add(address);
        }

        addresses = reader.Failed ? null : read;
        return addresses is not null;
    }

    private static bool IsWellFormed(string address) =>
        address.Length is > 0 and <= LengthMax && !address.AsSpan().ContainsAnyExceptInRange('!', '~');
}
