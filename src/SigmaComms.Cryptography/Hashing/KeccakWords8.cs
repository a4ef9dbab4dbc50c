using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>Room for eight Keccak states side by side, inside their owner.</summary>
[InlineArray(KeccakX8.Lanes * Keccak.LaneCount)]
internal struct KeccakWords8
{
    private ulong _first;
}
