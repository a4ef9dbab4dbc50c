using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>The hashes of SLH-DSA that are by SHA-512: nodes and keys above 128 bits.</summary>
/// <remarks>Words of many hashes lie side by side; see <see cref="Sha512Lanes"/>.</remarks>
/// <standard>FIPS 205, section 11.2.2.</standard>
internal sealed unsafe class SlhSha512 : IDisposable
{
    private const int BlockSize = 128;
    private const int StateLength = 8;
    private const int BlockLength = 16;
    private const int AddressSize = SlhAddress.CompressedSize;
    private const int LengthSize = 16;
    private const int Lane = Sha512Lanes.WidthMax * sizeof(ulong);

    private readonly int _hashSize;
    private readonly LaneMemory _memory;
    private readonly ulong* _state;
    private readonly ulong* _words;
    private readonly ulong* _midstate;
    private readonly byte* _staging;
    private readonly int _stagingRowSize;

    /// <summary>The hashes of a key.</summary>
    public SlhSha512(SlhParameters set, ReadOnlySpan<byte> publicSeed)
    {
        _hashSize = set.HashSize;
        _stagingRowSize = PaddedSize(set.ChainsSize);
        int words = StateLength + Sha512Constants.RoundCount + 1;
        _memory = new LaneMemory((words * Lane) + (Sha512Lanes.WidthMax * _stagingRowSize));
        _state = (ulong*)_memory.At(0);
        _words = (ulong*)_memory.At(StateLength * Lane);
        _midstate = (ulong*)_memory.At((words - 1) * Lane);
        _staging = _memory.At(words * Lane);
        HashPublicSeed(publicSeed);
    }

    /// <summary>See <see cref="SlhHash.HashRows"/>.</summary>
    public void HashRows(ReadOnlySpan<SlhAddress> places, ReadOnlySpan<byte> rows, Span<byte> hashes)
    {
        int rowSize = rows.Length / places.Length;
        int blocks = PaddedSize(rowSize) / BlockSize;
        while (!places.IsEmpty)
        {
            Sha512Lanes lanes = Sha512Lanes.For(places.Length);
            int count = Math.Min(places.Length, lanes.Width);
            Stage(places[..count], rows, rowSize);
            SetMidstate(lanes.Width);
            for (int block = 0; block < blocks; block++)
            {
                LoadBlock(block, lanes.Width, count);
                lanes.Compress(_state, _words);
            }

            TakeRows(lanes.Width, count, hashes);
            places = places[count..];
            rows = rows[(count * rowSize)..];
            hashes = hashes[(count * _hashSize)..];
        }
    }

    /// <summary>Zeroes all values. May be called twice.</summary>
    public void Dispose() => _memory.Dispose();

    private static int PaddedSize(int rowSize) =>
        (AddressSize + rowSize + 1 + LengthSize + BlockSize - 1) / BlockSize * BlockSize;

    // PK.seed fills the first block with zeros after it.
    private void HashPublicSeed(ReadOnlySpan<byte> publicSeed)
    {
        Sha512Constants.Start.CopyTo(new Span<ulong>(_midstate, StateLength));
        new Span<ulong>(_words, BlockLength).Clear();
        for (int i = 0; i < publicSeed.Length / sizeof(ulong); i++)
        {
            _words[i] = BinaryPrimitives.ReadUInt64BigEndian(publicSeed[(sizeof(ulong) * i)..]);
        }

        Sha512Lanes.One.Compress(_midstate, _words);
    }

    private void SetMidstate(int width)
    {
        for (int i = 0; i < StateLength; i++)
        {
            new Span<ulong>(_state + (i * width), width).Fill(_midstate[i]);
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
            BinaryPrimitives.WriteUInt64BigEndian(target[^sizeof(ulong)..], bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadBlock(int block, int width, int count)
    {
        for (int lane = 0; lane < count; lane++)
        {
            ulong* from = (ulong*)(_staging + (lane * _stagingRowSize) + (block * BlockSize));
            ulong* to = _words + lane;
            for (int i = 0; i < BlockLength; i++, to += width)
            {
                *to = BinaryPrimitives.ReverseEndianness(from[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeRows(int width, int count, Span<byte> rows)
    {
        fixed (byte* bytes = rows[..(count * _hashSize)])
        {
            byte* to = bytes;
            for (int lane = 0; lane < count; lane++)
            {
                for (int i = 0; i < _hashSize / sizeof(ulong); i++, to += sizeof(ulong))
                {
                    Unsafe.WriteUnaligned(to, BinaryPrimitives.ReverseEndianness(_state[(i * width) + lane]));
                }
            }
        }
    }
}
