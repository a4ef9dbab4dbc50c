using SigmaComms.Consensus.VaultCommands;

namespace SigmaComms.EndToEnd.Tests.Histories;

/// <summary>A vault as one machine would have it that does one thing at a time.</summary>
/// <param name="Count">Its entries.</param>
/// <param name="Last">The last of them, 0 if there is none.</param>
/// <param name="Numbers">The last number of each of four writers, 16 bits each: models compare by value.</param>
internal readonly record struct VaultModel(ulong Count, ulong Last, ulong Numbers)
{
    private const int NumberBits = 16;
    private const ulong NumberMask = (1UL << NumberBits) - 1;

    /// <summary>What it is after a call, and what it answers.</summary>
    public static (VaultModel After, VaultSeen Seen) Apply(VaultModel before, VaultCall call)
    {
        if (call.IsRead)
        {
            return (before, new VaultSeen(VaultStatus.Done, before.Count, before.Last));
        }

        int shift = call.Writer * NumberBits;
        ulong expected = ((before.Numbers >> shift) & NumberMask) + 1;
        return call.Number == expected
            ? (new VaultModel(before.Count + 1, call.Entry, before.Numbers + (1UL << shift)),
                new VaultSeen(VaultStatus.Done, before.Count + 1))
            : (before, new VaultSeen(VaultStatus.WrongSequence, expected));
    }
}
