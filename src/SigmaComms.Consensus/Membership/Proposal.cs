using System.Collections.Immutable;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>A change that some validators support, and not yet enough.</summary>
/// <param name="FirstBy">Who supported it first; its open changes are counted.</param>
/// <param name="Since">When, in UTC ticks.</param>
/// <param name="Supporters">Who supports it.</param>
public sealed record Proposal(NodeId FirstBy, long Since, ImmutableSortedSet<NodeId> Supporters)
{
    /// <summary>Open changes of one validator: 16.</summary>
    public const int PerValidatorMax = 16;

    /// <summary>How long a change stays open: 7 days.</summary>
    public const long LifetimeTicks = 7 * TimeSpan.TicksPerDay;

    /// <summary>Writes the proposal.</summary>
    internal void WriteTo(WireWriter writer)
    {
        writer.Digest(FirstBy.Value).U64((ulong)Since);
        NodeIdList.Write(writer, Supporters);
    }

    /// <summary>Reads a proposal; the reader fails if there is none.</summary>
    internal static Proposal Read(ref WireReader reader)
    {
        NodeId first = new(reader.Digest());
        ulong since = reader.U64();
        List<NodeId> supporters = NodeIdList.Read(ref reader, byte.MaxValue);
        if (since > long.MaxValue)
        {
            reader.Fail();
        }

        return new Proposal(first, (long)(since & long.MaxValue), [.. supporters]);
    }
}
