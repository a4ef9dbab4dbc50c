using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>What a node does and where it stands.</summary>
/// <param name="Roles">Its roles.</param>
/// <param name="Zone">
/// What fails together with it: 0 to 32 of the characters a-z, 0-9, hyphen and dot; empty where nobody cares.
/// </param>
/// <param name="Weight">Its share of the load, 1 to 1,000; 100 is common.</param>
public sealed record NodePlace(NodeRoles Roles, string Zone, ushort Weight)
{
    /// <summary>The longest zone: 32 characters.</summary>
    public const int ZoneLengthMax = 32;

    /// <summary>The largest weight: 1,000.</summary>
    public const ushort WeightMax = 1_000;

    private static readonly System.Buffers.SearchValues<char> ZoneAlphabet =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Whether roles, zone and weight are within their limits.</summary>
    public bool IsWellFormed => (Roles & ~NodeRoles.All) == 0
        && Zone.Length <= ZoneLengthMax
        && !Zone.AsSpan().ContainsAnyExcept(ZoneAlphabet)
        && Weight is > 0 and <= WeightMax;

    /// <summary>Whether the node is to vote.</summary>
    public bool IsValidator => (Roles & NodeRoles.Validator) != 0;

    /// <summary>Writes the place.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer) =>
        writer.U16((ushort)Roles).Opaque8(Encoding.ASCII.GetBytes(Zone)).U16(Weight);

    /// <summary>Reads a place; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="place">The place, or null.</param>
    /// <returns>False, with a failed reader, if a part is over its limits.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out NodePlace? place)
    {
        var roles = (NodeRoles)reader.U16();
        string zone = Encoding.Latin1.GetString(reader.Opaque8(ZoneLengthMax));
        NodePlace read = new(roles, zone, reader.U16());
        if (!read.IsWellFormed)
        {
            reader.Fail();
        }

        place = reader.Failed ? null : read;
        return place is not null;
    }
}
