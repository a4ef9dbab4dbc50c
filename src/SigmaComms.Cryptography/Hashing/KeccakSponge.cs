using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SigmaComms.Cryptography.Hashing;

/// <summary>The sponge over Keccak with the multi-rate padding: absorb any number of times, then squeeze.</summary>
/// <remarks>A mutable struct, to live on the stack of its user, who clears it if it absorbed a secret.</remarks>
/// <standard>FIPS 202, sections 4, 5.1 and 6.</standard>
internal struct KeccakSponge
{
    /// <summary>Rate of SHAKE128 in bytes.</summary>
    public const int Shake128Rate = 168;

    /// <summary>Rate of SHAKE256 and SHA3-256 in bytes.</summary>
    public const int Shake256Rate = 136;

    /// <summary>The bits that end the input of a SHAKE, and the first bit of the padding.</summary>
    public const byte ShakeSuffix = 0x1F;

    /// <summary>The same of a SHA-3.</summary>
    public const byte Sha3Suffix = 0x06;

    private readonly int _rateBytes;
    private readonly byte _suffix;
    private KeccakLanes _lanes;
    private int _position;
    private bool _squeezing;

    private KeccakSponge(int rateBytes, byte suffix)
    {
        // Lanes are read as bytes in place, which is the standard's order on little-endian machines only.
        Invariant.Holds(BitConverter.IsLittleEndian);
        _rateBytes = rateBytes;
        _suffix = suffix;
    }

    /// <summary>Whether output was taken already; then nothing can be absorbed until a reset.</summary>
    public readonly bool IsSqueezing => _squeezing;

    /// <summary>A new SHAKE128.</summary>
    public static KeccakSponge Shake128() => new(Shake128Rate, ShakeSuffix);

    /// <summary>A new SHAKE256.</summary>
    public static KeccakSponge Shake256() => new(Shake256Rate, ShakeSuffix);

    /// <summary>A new SHA-3 with the given digest size.</summary>
    public static KeccakSponge Sha3(int digestBytes) => new(200 - (2 * digestBytes), Sha3Suffix);

    /// <summary>A sponge that goes on squeezing where one of several states side by side is.</summary>
    public static KeccakSponge Continue(ReadOnlySpan<ulong> words, int lanes, int lane, int rateBytes)
    {
        KeccakSponge sponge = new(rateBytes, ShakeSuffix) { _squeezing = true, _position = rateBytes };
        for (int i = 0; i < Keccak.LaneCount; i++)
        {
            sponge._lanes[i] = words[(i * lanes) + lane];
        }

        return sponge;
    }

    /// <summary>Takes in more data.</summary>
    /// <param name="data">Any number of bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Absorb(ReadOnlySpan<byte> data)
    {
        Invariant.Holds(!_squeezing);
        Span<ulong> lanes = _lanes;
        Span<byte> block = MemoryMarshal.AsBytes(lanes)[.._rateBytes];
        while (data.Length >= _rateBytes - _position)
        {
            int room = _rateBytes - _position;
            Xor(data[..room], block[_position..]);
            Keccak.Permute(lanes);
            data = data[room..];
            _position = 0;
        }

        Xor(data, block[_position..]);
        _position += data.Length;
    }

    /// <summary>Gives the next bytes of output; the first call ends the input.</summary>
    /// <param name="output">Any number of bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Squeeze(Span<byte> output)
    {
        Span<ulong> lanes = _lanes;
        Span<byte> block = MemoryMarshal.AsBytes(lanes)[.._rateBytes];
        if (!_squeezing)
        {
            block[_position] ^= _suffix;
            block[^1] ^= 0x80;
            Keccak.Permute(lanes);
            _position = 0;
            _squeezing = true;
        }

        while (output.Length > _rateBytes - _position)
        {
            int room = _rateBytes - _position;
            block[_position..].CopyTo(output);
            Keccak.Permute(lanes);
            output = output[room..];
            _position = 0;
        }

        block.Slice(_position, output.Length).CopyTo(output);
        _position += output.Length;
    }

    /// <summary>Zeroes the state; it may absorb anew.</summary>
    public void Clear()
    {
        Span<ulong> lanes = _lanes;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(lanes));
        _position = 0;
        _squeezing = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Xor(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int length = source.Length;
        fixed (byte* from = source, to = target[..length])
        {
            int i = 0;
            for (; i + sizeof(ulong) <= length; i += sizeof(ulong))
            {
                ulong mixed = Unsafe.ReadUnaligned<ulong>(from + i) ^ Unsafe.ReadUnaligned<ulong>(to + i);
                Unsafe.WriteUnaligned(to + i, mixed);
            }

            for (; i < length; i++)
            {
                to[i] ^= from[i];
            }
        }
    }
}
