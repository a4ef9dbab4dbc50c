using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-256 on vectors of one width.</summary>
/// <typeparam name="TLanes">How vectors are worked with.</typeparam>
/// <typeparam name="TVector">One word of each block.</typeparam>
/// <standard>FIPS 180-4, section 6.2.</standard>
internal sealed unsafe class Sha256LanesOf<TLanes, TVector> : Sha256Lanes
    where TLanes : struct, ILanes<TVector, uint>
    where TVector : unmanaged
{
    // A value starts in the lower half of word 5, after 22 bytes of address, the last two of which are the step.
    private const int ValueWord = 5;
    private const int HalfWord = 16;
    private const int BlockLength = 16;
    private const int AddressSize = 22;
    private const uint PaddingInHalf = 0x8000;
    private const int BlockSize = 64;

    /// <inheritdoc/>
    public override int Width => TLanes.Width;

    /// <inheritdoc/>
    public override void Compress(uint* state, uint* words) =>
        Sha256Rounds<TLanes, TVector>.Compress((TVector*)state, (TVector*)words);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Iterate(Sha256Chain chain)
    {
        TVector* words = (TVector*)chain.Words;
        TVector* value = (TVector*)chain.Value;
        TVector* working = (TVector*)chain.Scratch;
        TVector* sum = working + 8;
        TVector start = *(TVector*)chain.Start;
        TVector keep = *(TVector*)chain.Keep;
        TVector running = TLanes.Broadcast(0);
        Pad(words, chain.ValueLength);
        Sha256Rounds<TLanes, TVector>.Start((TVector*)chain.State, words, working);
        for (uint step = chain.From; step < Sha256Chain.End; step++)
        {
            TVector now = TLanes.Broadcast(step);
            running = TLanes.Or(running, TLanes.Equal(start, now));
            Select(TLanes.Equal(keep, now), value, (TVector*)chain.Kept, chain.ValueLength);
            Place(words, step, value, chain.ValueLength);
            Sha256Rounds<TLanes, TVector>.Expand(words);
            Sha256Rounds<TLanes, TVector>.Run(
                working, (TVector*)chain.State, words, Sha256Rounds<TLanes, TVector>.StartRounds, sum);
            Select(running, sum, value, chain.ValueLength);
        }

        TVector last = TLanes.Equal(keep, TLanes.Broadcast(Sha256Chain.End));
        Select(last, value, (TVector*)chain.Kept, chain.ValueLength);
    }

    // The padding but for its first bit, which shares a word with the value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pad(TVector* words, int valueLength)
    {
        for (int i = ValueWord + valueLength + 1; i < BlockLength - 1; i++)
        {
            words[i] = TLanes.Broadcast(0);
        }

        uint sizeBytes = (uint)(BlockSize + AddressSize + (valueLength * sizeof(uint)));
        words[BlockLength - 1] = TLanes.Broadcast(8 * sizeBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Place(TVector* words, uint step, TVector* value, int valueLength)
    {
        TVector before = TLanes.Broadcast(step << HalfWord);
        for (int i = 0; i < valueLength; i++)
        {
            words[ValueWord + i] = TLanes.Or(before, TLanes.ShiftRight(value[i], HalfWord));
            before = TLanes.ShiftLeft(value[i], HalfWord);
        }

        words[ValueWord + valueLength] = TLanes.Or(before, TLanes.Broadcast(PaddingInHalf));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Select(TVector mask, TVector* from, TVector* to, int length)
    {
        for (int i = 0; i < length; i++)
        {
            to[i] = TLanes.Choose(mask, from[i], to[i]);
        }
    }
}
