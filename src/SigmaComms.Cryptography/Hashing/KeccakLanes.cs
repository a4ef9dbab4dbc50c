using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Room for the 25 lanes of a Keccak state, inside its owner.</summary>
[InlineArray(Keccak.LaneCount)]
internal struct KeccakLanes
{
    private ulong _first;
}
