using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Room for four Keccak states side by side, inside their owner.</summary>
[InlineArray(KeccakX4.Lanes * Keccak.LaneCount)]
internal struct KeccakWords4
{
    private ulong _first;
}
