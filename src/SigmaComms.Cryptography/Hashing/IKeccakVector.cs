using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>One lane of several Keccak states side by side, and the few operations that the rounds need.</summary>
/// <typeparam name="TVector">A vector with one 64-bit lane of each state.</typeparam>
internal unsafe interface IKeccakVector<TVector>
    where TVector : unmanaged
{
    /// <summary>Reads one lane of each state.</summary>
    static abstract TVector Load(ulong* words);

    /// <summary>Writes one lane of each state.</summary>
    static abstract void Store(ulong* words, TVector value);

    /// <summary>The same constant for every state.</summary>
    static abstract TVector Create(ulong value);

    /// <summary>a ^ b.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>a ^ b ^ c.</summary>
    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>a ^ (~b &amp; c), the step chi.</summary>
    static abstract TVector Chi(TVector a, TVector b, TVector c);

    /// <summary>Rotation by a constant.</summary>
    static abstract TVector RotateLeft(TVector a, [ConstantExpected] byte count);
}
