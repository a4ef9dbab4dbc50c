using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Links;

/// <summary>Where a vault's stream stands after a block of the control log, and what the asker may do there.</summary>
/// <param name="Height">The block.</param>
/// <param name="Timestamp">The block's time, in 100 ns of UTC since year 1.</param>
/// <param name="Owner">Who created the vault.</param>
/// <param name="First">The oldest entry that is kept.</param>
/// <param name="FirstHead">The hash chain before that.</param>
/// <param name="Count">How many entries there were.</param>
/// <param name="Head">The hash chain over all of them.</param>
/// <param name="Writers">How many devices may append, the owner among them.</param>
/// <param name="KeptBytes">What the kept entries count, in bytes.</param>
/// <param name="MayWrite">Whether the asker may append.</param>
/// <param name="LastSequence">The asker's number of its last entry; 0 if it has none.</param>
public sealed record VaultStanding(
    ulong Height,
    ulong Timestamp,
    NodeId Owner,
    ulong First,
    Digest FirstHead,
    ulong Count,
    Digest Head,
    ushort Writers,
    ulong KeptBytes,
    bool MayWrite,
    ulong LastSequence)
{
    internal void Write(WireWriter writer) => writer
        .U64(Height).U64(Timestamp).Digest(Owner.Value).U64(First).Digest(FirstHead).U64(Count).Digest(Head)
        .U16(Writers).U64(KeptBytes).Flag(MayWrite).U64(LastSequence);

    internal static VaultStanding Read(ref WireReader reader) => new(
        reader.U64(),
        reader.U64(),
        new NodeId(reader.Digest()),
        reader.U64(),
        reader.Digest(),
        reader.U64(),
        reader.Digest(),
        reader.U16(),
        reader.U64(),
        reader.Flag(),
        reader.U64());
}
