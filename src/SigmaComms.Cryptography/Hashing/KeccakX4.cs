using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Hashing;

// How to use it:
//   KeccakX4 sponges = KeccakX4.Shake128();              // or Shake256()
//   sponges.Absorb(messages, sizeEach);                  // lane l's whole message is at messages[l * sizeEach]
//   sponges.Squeeze(outputs, sizeEach);                  // lane l's bytes come out at outputs[l * sizeEach]
//   sponges.Squeeze(outputs, sizeEach);                  // goes on; every call but the last asks whole blocks
//   KeccakSponge one = sponges.Lane(2);                  // lane 2 goes on alone, after whole blocks
//   sponges.Clear();                                     // in finally, if a message or an output is secret
// Lower down: Words[4 * w + l] is word w of lane l, and Permute() works on it; nothing else is hidden state, so a
// user may lay out padded blocks himself, each lane with its own length and purpose, by KeccakLane or by hand.

/// <summary>Four sponges over Keccak side by side, for inputs of the same length.</summary>
/// <remarks>
/// A mutable struct, to live on the stack of its user, who clears it if it absorbed a secret. With AVX-512 or AVX2 the
/// four cost about as much as one alone; without, they go two by two or one by one.
/// </remarks>
/// <standard>FIPS 202, sections 3, 4 and 6.2.</standard>
internal struct KeccakX4
{
    /// <summary>Sponges side by side.</summary>
    public const int Lanes = 4;

    private readonly int _rateBytes;
    private KeccakWords4 _words;

    private KeccakX4(int rateBytes) => _rateBytes = rateBytes;

    /// <summary>The states: word w of lane l is at 4 w + l.</summary>
    [UnscopedRef]
    public Span<ulong> Words => _words;

    /// <summary>Four new SHAKE128.</summary>
    public static KeccakX4 Shake128() => new(KeccakSponge.Shake128Rate);

    /// <summary>Four new SHAKE256.</summary>
    public static KeccakX4 Shake256() => new(KeccakSponge.Shake256Rate);

    /// <summary>Permutes four states: word w of lane l is at 4 w + l.</summary>
    /// <param name="state">100 words.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Permute(ulong* state)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            KeccakRounds<Vector256<ulong>, KeccakVector256>.Permute(state, Lanes);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(state, Lanes);
            KeccakRounds<Vector128<ulong>, KeccakVector128>.Permute(state + 2, Lanes);
        }
        else
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                KeccakRounds<ulong, KeccakVector64>.Permute(state + lane, Lanes);
            }
        }
    }

    /// <summary>Permutes the four states.</summary>
    public unsafe void Permute()
    {
        fixed (ulong* state = Words)
        {
            Permute(state);
        }
    }

    /// <summary>Forgets everything, takes in the whole message of each lane and ends it.</summary>
    /// <param name="messages">The messages end to end.</param>
    /// <param name="sizeEach">Bytes of each.</param>
    public void Absorb(ReadOnlySpan<byte> messages, int sizeEach)
    {
        Size.Require(messages, Lanes * sizeEach);
        Words.Clear();
        int done = 0;
        while (sizeEach - done >= _rateBytes)
        {
            AbsorbBlock(messages[done..], sizeEach, _rateBytes);
            Permute();
            done += _rateBytes;
        }

        AbsorbBlock(messages[done..], sizeEach, sizeEach - done);
        for (int lane = 0; lane < Lanes; lane++)
        {
            KeccakLane.Pad(Words, Lanes, lane, sizeEach - done, _rateBytes, KeccakSponge.ShakeSuffix);
        }
    }

    /// <summary>Gives the next bytes of each lane, from a new block on, whatever was left of the last one.</summary>
    /// <param name="outputs">Receives the outputs end to end.</param>
    /// <param name="sizeEach">Bytes of each.</param>
    public void Squeeze(Span<byte> outputs, int sizeEach)
    {
        Size.Require(outputs, Lanes * sizeEach);
        for (int done = 0; done < sizeEach; done += _rateBytes)
        {
            Permute();
            int size = Math.Min(_rateBytes, sizeEach - done);
            for (int lane = 0; lane < Lanes; lane++)
            {
                KeccakLane.CopyOut(Words, Lanes, lane, outputs.Slice((lane * sizeEach) + done, size));
            }
        }
    }

    /// <summary>A sponge that goes on where one lane is, with the next block.</summary>
    /// <param name="lane">0 to 3.</param>
    public KeccakSponge Lane(int lane) => KeccakSponge.Continue(Words, Lanes, lane, _rateBytes);

    /// <summary>Zeroes the states.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(Words));

    private void AbsorbBlock(ReadOnlySpan<byte> messages, int stride, int size)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            KeccakLane.XorIn(Words, Lanes, lane, messages.Slice(lane * stride, size));
        }
    }
}
