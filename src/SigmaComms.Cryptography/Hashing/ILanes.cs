using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The few operations of SHA-2 on several words side by side, so that one text serves every width.</summary>
/// <remarks>
/// All members are compiled into their callers; the counts of shifts are constants there. The framework's vectors have
/// no public interface in common, so that each width says the same words anew: <see cref="Lanes128{TWord}"/>,
/// <see cref="Lanes256{TWord}"/>, <see cref="Lanes512{TWord}"/>. A change to one belongs into all.
/// </remarks>
/// <typeparam name="TVector">The words side by side.</typeparam>
/// <typeparam name="TWord">One word: 32 bits for SHA-256, 64 bits for SHA-512.</typeparam>
internal interface ILanes<TVector, TWord>
    where TVector : unmanaged
    where TWord : unmanaged
{
    /// <summary>Words side by side.</summary>
    static abstract int Width { get; }

    /// <summary>The same word in every lane.</summary>
    static abstract TVector Broadcast(TWord word);

    /// <summary>Sum modulo the word's size.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>Bits of either.</summary>
    static abstract TVector Or(TVector left, TVector right);

    /// <summary>Exclusive or of three.</summary>
    static abstract TVector Xor(TVector first, TVector second, TVector third);

    /// <summary>Bits of one where the selector is set, else of the other.</summary>
    static abstract TVector Choose(TVector selector, TVector whereSet, TVector elsewhere);

    /// <summary>Bits that at least two of three have.</summary>
    static abstract TVector Majority(TVector first, TVector second, TVector third);

    /// <summary>All bits set in lanes that are equal, none in the others.</summary>
    static abstract TVector Equal(TVector left, TVector right);

    /// <summary>Rotates each lane.</summary>
    static abstract TVector RotateRight(TVector value, [ConstantExpected] byte count);

    /// <summary>Shifts zeros in from above.</summary>
    static abstract TVector ShiftRight(TVector value, [ConstantExpected] byte count);

    /// <summary>Shifts zeros in from below.</summary>
    static abstract TVector ShiftLeft(TVector value, [ConstantExpected] byte count);
}
