using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of SLH-DSA with SHAKE256: many states side by side.</summary>
/// <remarks>Word i of lane j is at <c>i * width + j</c>. Every part of an input is made of whole words.</remarks>
/// <standard>FIPS 205, section 11.1.</standard>
internal sealed unsafe class SlhShakeHash : SlhHash
{
    private const int StateLength = 25;
    private const int RateLength = KeccakSponge.Shake256Rate / sizeof(ulong);
    private const int AddressLength = 4;
    private const int WidthMax = KeccakX8.Lanes;
    private const ulong FirstPadding = 0x1F;
    private const ulong LastPadding = 0x8000_0000_0000_0000;

    private readonly LaneMemory _memory = new(2 * StateLength * WidthMax * sizeof(ulong) * 2);
    private readonly ulong* _state;
    private readonly ulong* _template;
    private readonly ulong* _value;
    private readonly ulong* _publicSeed;
    private readonly ulong* _secretSeed;
    private readonly int _length;

    /// <summary>The hashes of a key.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="publicSeed">PK.seed.</param>
    /// <param name="secretSeed">SK.seed, or nothing to verify.</param>
    public SlhShakeHash(SlhParameters set, ReadOnlySpan<byte> publicSeed, ReadOnlySpan<byte> secretSeed)
        : base(set)
    {
        Invariant.Holds(BitConverter.IsLittleEndian);
        _length = set.HashSize / sizeof(ulong);
        _state = (ulong*)_memory.At(0);
        _template = _state + (StateLength * WidthMax);
        _value = _template + (StateLength * WidthMax);
        _publicSeed = _value + (AddressLength * WidthMax);
        _secretSeed = _publicSeed + WidthMax;
        publicSeed.CopyTo(new Span<byte>(_publicSeed, set.HashSize));
        secretSeed.CopyTo(new Span<byte>(_secretSeed, set.HashSize));
    }

    /// <inheritdoc/>
    public override void DeriveSecrets(ReadOnlySpan<SlhAddress> places, Span<byte> secrets)
    {
        while (!places.IsEmpty)
        {
            int width = Width(places.Length);
            int count = Math.Min(places.Length, width);
            Begin(_state, places[..count], width);
            DeriveSecrets(width);
            TakeRows(_state, width, count, secrets);
            places = places[count..];
            secrets = secrets[(count * Set.HashSize)..];
        }
    }

    /// <inheritdoc/>
    public override void HashRows(
        ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, Span<byte> hashes)
    {
        int rowSize = rows.Length / places.Length;
        while (!places.IsEmpty)
        {
            int width = Width(places.Length);
            int count = Math.Min(places.Length, width);
            Begin(_state, places[..count], width);
            int at = Absorb(rows, rowSize, width, count);
            Pad(_state, width, at);
            Permute(_state, width);
            TakeRows(_state, width, count, hashes);
            places = places[count..];
            rows = rows[(count * rowSize)..];
            hashes = hashes[(count * Set.HashSize)..];
        }
    }

    /// <inheritdoc/>
    public override void RunChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> keep, Span<byte> ends, Span<byte> kept)
    {
        Span<int> steps = stackalloc int[WidthMax];
        steps.Clear();
        while (!chains.IsEmpty)
        {
            int width = Width(chains.Length);
            int count = Math.Min(chains.Length, width);
            Begin(_state, chains[..count], width, SlhAddressType.ChainSecret);
            DeriveSecrets(width);
            new Span<ulong>(_state, _length * width).CopyTo(new Span<ulong>(_value, _length * width));
            Iterate(chains[..count], steps, keep, kept, width);
            TakeRows(_value, width, count, ends);
            chains = chains[count..];
            keep = keep[count..];
            ends = ends[(count * Set.HashSize)..];
            kept = kept[(count * Set.HashSize)..];
        }
    }

    /// <inheritdoc/>
    public override void FinishChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> steps, Span<byte> values)
    {
        Span<int> keep = stackalloc int[WidthMax];
        keep.Fill(KeepNone);
        while (!chains.IsEmpty)
        {
            int width = Width(chains.Length);
            int count = Math.Min(chains.Length, width);
            for (int lane = 0; lane < count; lane++)
            {
                PutRow(_value, width, lane, values.Slice(lane * Set.HashSize, Set.HashSize));
            }

            Iterate(chains[..count], steps, keep, default, width);
            TakeRows(_value, width, count, values);
            chains = chains[count..];
            steps = steps[count..];
            values = values[(count * Set.HashSize)..];
        }
    }

    /// <inheritdoc/>
    public override void Randomize(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> randomness, SlhMessage message, Span<byte> randomizer) =>
        Hash(secret, randomness, message, randomizer);

    /// <inheritdoc/>
    public override void Digest(
        ReadOnlySpan<byte> randomizer, ReadOnlySpan<byte> publicKey, SlhMessage message, Span<byte> digest) =>
        Hash(randomizer, publicKey, message, digest);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _memory.Dispose();

    private static int Width(int count)
    {
        if (count == 1)
        {
            return 1;
        }

        return count <= KeccakX4.Lanes || !Vector512.IsHardwareAccelerated ? KeccakX4.Lanes : KeccakX8.Lanes;
    }

    private static void Permute(ulong* state, int width)
    {
        switch (width)
        {
            case KeccakX8.Lanes:
                KeccakX8.Permute(state);
                break;
            case KeccakX4.Lanes:
                KeccakX4.Permute(state);
                break;
            default:
                Keccak.Permute(new Span<ulong>(state, StateLength));
                break;
        }
    }

    private static void Pad(ulong* state, int width, int at)
    {
        for (int lane = 0; lane < width; lane++)
        {
            state[(at * width) + lane] ^= FirstPadding;
            state[((RateLength - 1) * width) + lane] ^= LastPadding;
        }
    }

    private static void Hash(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, SlhMessage message, Span<byte> output)
    {
        KeccakSponge sponge = KeccakSponge.Shake256();
        try
        {
            sponge.Absorb(first);
            sponge.Absorb(second);
            sponge.Absorb(message.Prefix);
            sponge.Absorb(message.Body);
            sponge.Squeeze(output);
        }
        finally
        {
            sponge.Clear();
        }
    }

    // PK.seed and the address of each lane, in a state that is zero but for them.
    private void Begin(ulong* state, ReadOnlySpan<SlhAddress> places, int width, SlhAddressType? type = null)
    {
        new Span<ulong>(state, StateLength * width).Clear();
        for (int i = 0; i < _length; i++)
        {
            new Span<ulong>(state + (i * width), width).Fill(_publicSeed[i]);
        }

        ulong* words = state + (_length * width);
        foreach (ref readonly SlhAddress place in places)
        {
            words[0] = BinaryPrimitives.ReverseEndianness(place.Layer);
            words[width] = BinaryPrimitives.ReverseEndianness(place.Tree);
            words[2 * width] = Pair((uint)(type ?? place.Type), place.KeyPair);
            words[3 * width] = Pair(place.Chain, place.Index);
            words++;
        }
    }

    private static ulong Pair(uint first, uint second) =>
        BinaryPrimitives.ReverseEndianness(((ulong)first << 32) | second);

    // The addresses are in place; what follows is the same in every lane.
    private void DeriveSecrets(int width)
    {
        int at = _length + AddressLength;
        for (int i = 0; i < _length; i++)
        {
            new Span<ulong>(_state + ((at + i) * width), width).Fill(_secretSeed[i]);
        }

        Pad(_state, width, at + _length);
        Permute(_state, width);
    }

    // Returns the place of the next word in the last block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Absorb(ReadOnlySpan<byte> rows, int rowSize, int width, int count)
    {
        int at = _length + AddressLength;
        fixed (byte* bytes = rows)
        {
            for (int offset = 0; offset < rowSize; offset += sizeof(ulong))
            {
                ulong* to = _state + (at * width);
                for (int lane = 0; lane < count; lane++)
                {
                    to[lane] ^= Unsafe.ReadUnaligned<ulong>(bytes + (lane * rowSize) + offset);
                }

                at++;
                if (at == RateLength)
                {
                    Permute(_state, width);
                    at = 0;
                }
            }
        }

        return at;
    }

    // Steps and what to keep are public, so lanes may differ by branches; the values are copied whole.
    private void Iterate(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> steps, ReadOnlySpan<int> keep, Span<byte> kept, int width)
    {
        int at = _length + AddressLength;
        Begin(_template, chains, width);
        Pad(_template, width, at + _length);
        int first = ChainEnd;
        foreach (int step in steps[..chains.Length])
        {
            first = Math.Min(first, step);
        }

        for (int step = first; step < ChainEnd; step++)
        {
            Keep(step, chains.Length, keep, kept, width);
            new Span<ulong>(_template, StateLength * width).CopyTo(new Span<ulong>(_state, StateLength * width));
            new Span<ulong>(_value, _length * width).CopyTo(new Span<ulong>(_state + (at * width), _length * width));
            for (int lane = 0; lane < chains.Length; lane++)
            {
                _state[((at - 1) * width) + lane] |= Pair(0, (uint)step);
            }

            Permute(_state, width);
            for (int lane = 0; lane < chains.Length; lane++)
            {
                if (steps[lane] <= step)
                {
                    Advance(lane, width);
                }
            }
        }

        Keep(ChainEnd, chains.Length, keep, kept, width);
    }

    private void Keep(int step, int count, ReadOnlySpan<int> keep, Span<byte> kept, int width)
    {
        for (int lane = 0; lane < count; lane++)
        {
            if (keep[lane] == step)
            {
                TakeRow(_value, width, lane, kept.Slice(lane * Set.HashSize, Set.HashSize));
            }
        }
    }

    private void Advance(int lane, int width)
    {
        for (int i = 0; i < _length; i++)
        {
            _value[(i * width) + lane] = _state[(i * width) + lane];
        }
    }

    private void PutRow(ulong* words, int width, int lane, ReadOnlySpan<byte> row)
    {
        for (int i = 0; i < _length; i++)
        {
            words[(i * width) + lane] = BinaryPrimitives.ReadUInt64LittleEndian(row[(sizeof(ulong) * i)..]);
        }
    }

    private void TakeRows(ulong* words, int width, int count, Span<byte> rows)
    {
        for (int lane = 0; lane < count; lane++)
        {
            TakeRow(words, width, lane, rows.Slice(lane * Set.HashSize, Set.HashSize));
        }
    }

    private void TakeRow(ulong* words, int width, int lane, Span<byte> row)
    {
        for (int i = 0; i < _length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(row[(sizeof(ulong) * i)..], words[(i * width) + lane]);
        }
    }
}
