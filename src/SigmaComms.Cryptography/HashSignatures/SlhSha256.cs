using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of SLH-DSA that are by SHA-256.</summary>
/// <remarks>Words of many hashes lie side by side; see <see cref="Sha256Lanes"/>.</remarks>
/// <standard>FIPS 205, sections 11.2.1 and 11.2.2.</standard>
internal sealed unsafe class SlhSha256 : IDisposable
{
    private const int BlockSize = 64;
    private const int StateLength = 8;
    private const int BlockLength = 16;

    // The last two bytes of the address share word 5 with the first two bytes of the value.
    private const int ValueWord = 5;
    private const int HalfWord = 16;
    private const uint FirstPadding = 0x8000;
    private const int AddressSize = SlhAddress.CompressedSize;
    private const int LengthSize = 8;

    // Words of each lane, in the order in which they lie in the memory.
    private const int WordsLength = Sha256Constants.RoundCount;
    private const int ScratchLength = 16;
    private const int Lane = Sha256Lanes.WidthMax * sizeof(uint);

    private readonly int _hashSize;
    private readonly int _hashLength;
    private readonly LaneMemory _memory;
    private readonly uint* _state;
    private readonly uint* _words;
    private readonly uint* _scratch;
    private readonly uint* _value;
    private readonly uint* _kept;
    private readonly uint* _start;
    private readonly uint* _keep;
    private readonly uint* _secretSeed;
    private readonly uint* _midstate;
    private readonly byte* _staging;
    private readonly int _stagingRowSize;

    /// <summary>The hashes of a key.</summary>
    public SlhSha256(SlhParameters set, ReadOnlySpan<byte> publicSeed, ReadOnlySpan<byte> secretSeed)
    {
        _hashSize = set.HashSize;
        _hashLength = set.HashSize / sizeof(uint);
        int rowSizeMax = set.HashSize == 16 ? set.ChainsSize : set.HashSize;
        _stagingRowSize = PaddedSize(rowSizeMax);
        int words = StateLength + WordsLength + ScratchLength + (2 * StateLength) + 4;
        _memory = new LaneMemory((words * Lane) + (Sha256Lanes.WidthMax * _stagingRowSize));
        int at = 0;
        _state = Take(StateLength);
        _words = Take(WordsLength);
        _scratch = Take(ScratchLength);
        _value = Take(StateLength);
        _kept = Take(StateLength);
        _start = Take(1);
        _keep = Take(1);
        _secretSeed = Take(1);
        _midstate = Take(1);
        _staging = _memory.At(at);
        for (int i = 0; i < secretSeed.Length / sizeof(uint); i++)
        {
            _secretSeed[i] = BinaryPrimitives.ReadUInt32BigEndian(secretSeed[(sizeof(uint) * i)..]);
        }

        HashPublicSeed(publicSeed);

        uint* Take(int length)
        {
            uint* taken = (uint*)_memory.At(at);
            at += length * Lane;
            return taken;
        }
    }

    /// <summary>See <see cref="SlhHash.DeriveSecrets"/>.</summary>
    public void DeriveSecrets(ReadOnlySpan<SlhAddress> places, Span<byte> secrets)
    {
        while (!places.IsEmpty)
        {
            Sha256Lanes lanes = Sha256Lanes.For(places.Length);
            int count = Math.Min(places.Length, lanes.Width);
            PlaceAddresses(places[..count], lanes.Width);
            DeriveSecrets(lanes);
            TakeRows(_state, lanes.Width, count, secrets);
            places = places[count..];
            secrets = secrets[(count * _hashSize)..];
        }
    }

    /// <summary>See <see cref="SlhHash.HashRows"/>.</summary>
    public void HashRows(ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, Span<byte> hashes)
    {
        int rowSize = rows.Length / places.Length;
        int blocks = PaddedSize(rowSize) / BlockSize;
        while (!places.IsEmpty)
        {
            Sha256Lanes lanes = Sha256Lanes.For(places.Length);
            int count = Math.Min(places.Length, lanes.Width);
            SetMidstate(lanes.Width);
            if (blocks == 1)
            {
                PlaceAddresses(places[..count], lanes.Width);
                PlaceRows(rows, rowSize, lanes.Width, count);
                lanes.Compress(_state, _words);
            }
            else
            {
                Stage(places[..count], rows, rowSize);
                for (int block = 0; block < blocks; block++)
                {
                    LoadBlock(block, lanes.Width, count);
                    lanes.Compress(_state, _words);
                }
            }

            TakeRows(_state, lanes.Width, count, hashes);
            places = places[count..];
            rows = rows[(count * rowSize)..];
            hashes = hashes[(count * _hashSize)..];
        }
    }

    /// <summary>See <see cref="SlhHash.RunChains"/>.</summary>
    public void RunChains(
        ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> keep, Span<byte> ends, Span<byte> kept)
    {
        while (!chains.IsEmpty)
        {
            Sha256Lanes lanes = Sha256Lanes.For(chains.Length);
            int count = Math.Min(chains.Length, lanes.Width);
            PlaceAddresses(chains[..count], lanes.Width, SlhAddressType.ChainSecret);
            DeriveSecrets(lanes);
            int secretLength = _hashLength * lanes.Width;
            new Span<uint>(_state, secretLength).CopyTo(new Span<uint>(_value, secretLength));
            for (int lane = 0; lane < count; lane++)
            {
                _start[lane] = 0;
                _keep[lane] = (uint)keep[lane];
            }

            Iterate(lanes, chains[..count], 0);
            TakeRows(_value, lanes.Width, count, ends);
            if (keep[..count].ContainsAnyExcept(SlhHash.KeepNone))
            {
                TakeRows(_kept, lanes.Width, count, kept);
            }

            chains = chains[count..];
            keep = keep[count..];
            ends = ends[(count * _hashSize)..];
            kept = kept[(count * _hashSize)..];
        }
    }

    /// <summary>See <see cref="SlhHash.FinishChains"/>.</summary>
    public void FinishChains(ReadOnlySpan<SlhAddress> chains, ReadOnlySpan<int> steps, Span<byte> values)
    {
        while (!chains.IsEmpty)
        {
            Sha256Lanes lanes = Sha256Lanes.For(chains.Length);
            int count = Math.Min(chains.Length, lanes.Width);
            uint from = Sha256Chain.End;
            for (int lane = 0; lane < count; lane++)
            {
                _start[lane] = (uint)steps[lane];
                _keep[lane] = unchecked((uint)SlhHash.KeepNone);
                from = Math.Min(from, (uint)steps[lane]);
                PutRow(_value, lanes.Width, lane, values.Slice(lane * _hashSize, _hashSize));
            }

            Iterate(lanes, chains[..count], from);
            TakeRows(_value, lanes.Width, count, values);
            chains = chains[count..];
            steps = steps[count..];
            values = values[(count * _hashSize)..];
        }
    }

    /// <summary>Zeroes all secrets. May be called twice.</summary>
    public void Dispose() => _memory.Dispose();

    private static int PaddedSize(int rowSize) =>
        (AddressSize + rowSize + 1 + LengthSize + BlockSize - 1) / BlockSize * BlockSize;

    // PK.seed fills the first block with zeros after it.
    private void HashPublicSeed(ReadOnlySpan<byte> publicSeed)
    {
        Sha256Constants.Start.CopyTo(new Span<uint>(_midstate, StateLength));
        new Span<uint>(_words, BlockLength).Clear();
        PutRow(_words, 1, 0, publicSeed);
        Sha256Lanes.One.Compress(_midstate, _words);
    }

    private void SetMidstate(int width)
    {
        for (int i = 0; i < StateLength; i++)
        {
            new Span<uint>(_state + (i * width), width).Fill(_midstate[i]);
        }
    }

    private void Iterate(Sha256Lanes lanes, ReadOnlySpan<SlhAddress> chains, uint from)
    {
        PlaceAddresses(chains, lanes.Width);
        SetMidstate(lanes.Width);
        lanes.Iterate(new Sha256Chain
        {
            State = _state,
            Words = _words,
            Scratch = _scratch,
            Value = _value,
            Kept = _kept,
            Start = _start,
            Keep = _keep,
            ValueLength = _hashLength,
            From = from,
        });
    }

    // The addresses are in place; what follows is the same in every lane.
    private void DeriveSecrets(Sha256Lanes lanes)
    {
        int width = lanes.Width;
        uint half = _secretSeed[0] >> HalfWord;
        for (int lane = 0; lane < width; lane++)
        {
            _words[(ValueWord * width) + lane] |= half;
        }

        for (int i = 1; i <= _hashLength; i++)
        {
            uint next = i < _hashLength ? _secretSeed[i] >> HalfWord : FirstPadding;
            new Span<uint>(_words + ((ValueWord + i) * width), width).Fill((_secretSeed[i - 1] << HalfWord) | next);
        }

        PadBlock(_hashSize, width);
        SetMidstate(width);
        lanes.Compress(_state, _words);
    }

    // The addresses are in place; the rows follow them in the same block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceRows(ReadOnlySpan<byte> rows, int rowSize, int width, int count)
    {
        int length = rowSize / sizeof(uint);
        fixed (byte* bytes = rows)
        {
            for (int lane = 0; lane < count; lane++)
            {
                byte* row = bytes + (lane * rowSize);
                uint* to = _words + (ValueWord * width) + lane;
                *to |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(row));
                for (int i = 1; i < length; i++)
                {
                    to[i * width] = BinaryPrimitives.ReverseEndianness(
                        Unsafe.ReadUnaligned<uint>(row + (sizeof(uint) * i) - sizeof(ushort)));
                }

                uint last = BinaryPrimitives.ReverseEndianness(
                    Unsafe.ReadUnaligned<ushort>(row + rowSize - sizeof(ushort)));
                to[length * width] = (last << HalfWord) | FirstPadding;
            }
        }

        PadBlock(rowSize, width);
    }

    // What follows the first bit of padding, which shares a word with the end of the row.
    private void PadBlock(int rowSize, int width)
    {
        int padding = ValueWord + (rowSize / sizeof(uint)) + 1;
        new Span<uint>(_words + (padding * width), (BlockLength - 1 - padding) * width).Clear();
        int sizeBytes = BlockSize + AddressSize + rowSize;
        new Span<uint>(_words + ((BlockLength - 1) * width), width).Fill(8 * (uint)sizeBytes);
    }

    // Section 11.2: the compressed address, 22 bytes; the index is in the upper half of word 5.
    private void PlaceAddresses(ReadOnlySpan<SlhAddress> places, int width, SlhAddressType? type = null)
    {
        uint* words = _words;
        foreach (ref readonly SlhAddress place in places)
        {
            words[0] = (place.Layer << 24) | (uint)(place.Tree >> 40);
            words[width] = (uint)(place.Tree >> 8);
            words[2 * width] = (uint)(place.Tree << 24) | ((uint)(type ?? place.Type) << HalfWord)
                | (place.KeyPair >> HalfWord);
            words[3 * width] = (place.KeyPair << HalfWord) | (place.Chain >> HalfWord);
            words[4 * width] = (place.Chain << HalfWord) | (place.Index >> HalfWord);
            words[ValueWord * width] = place.Index << HalfWord;
            words++;
        }
    }

    // Address, row and padding of each lane, as the bytes that are hashed after the first block.
    private void Stage(ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, int rowSize)
    {
        int size = PaddedSize(rowSize);
        for (int lane = 0; lane < places.Length; lane++)
        {
            Span<byte> target = new(_staging + (lane * _stagingRowSize), size);
            places[lane].WriteCompressed(target);
            rows.Slice(lane * rowSize, rowSize).CopyTo(target[AddressSize..]);
            target[(AddressSize + rowSize)..].Clear();
            target[AddressSize + rowSize] = 0x80;
            ulong bits = 8 * (ulong)(BlockSize + AddressSize + rowSize);
            BinaryPrimitives.WriteUInt64BigEndian(target[^LengthSize..], bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadBlock(int block, int width, int count)
    {
        for (int lane = 0; lane < count; lane++)
        {
            uint* from = (uint*)(_staging + (lane * _stagingRowSize) + (block * BlockSize));
            uint* to = _words + lane;
            for (int i = 0; i < BlockLength; i++, to += width)
            {
                *to = BinaryPrimitives.ReverseEndianness(from[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PutRow(uint* words, int width, int lane, ReadOnlySpan<byte> row)
    {
        for (int i = 0; i < _hashLength; i++)
        {
            words[(i * width) + lane] = BinaryPrimitives.ReadUInt32BigEndian(row[(sizeof(uint) * i)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeRows(uint* words, int width, int count, Span<byte> rows)
    {
        fixed (byte* bytes = rows[..(count * _hashSize)])
        {
            byte* to = bytes;
            for (int lane = 0; lane < count; lane++)
            {
                for (int i = 0; i < _hashLength; i++, to += sizeof(uint))
                {
                    Unsafe.WriteUnaligned(to, BinaryPrimitives.ReverseEndianness(words[(i * width) + lane]));
                }
            }
        }
    }
}
