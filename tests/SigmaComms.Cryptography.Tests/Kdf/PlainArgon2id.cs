using System.Buffers.Binary;
using System.Numerics;

namespace SigmaComms.Cryptography.Tests.Kdf;

/// <summary>
/// Argon2id, RFC 9106, plainly written and with every input of the standard, so that it can be held against the
/// standard's own vector, which has four lanes, a secret and associated data, and then against libsodium.
/// </summary>
internal sealed class PlainArgon2id(int lanes, int memoryKiB, int passes)
{
    private const int BlockWords = 128;
    private const int Slices = 4;

    private readonly int _laneLength = memoryKiB / (Slices * lanes) * Slices;
    private ulong[][] _memory = [];

    public byte[] Hash(int sizeBytes, byte[] password, byte[] salt, byte[] secret, byte[] associatedData)
    {
        byte[] start = StartingHash(sizeBytes, password, salt, secret, associatedData);
        _memory = new ulong[_laneLength * lanes][];
        for (int lane = 0; lane < lanes; lane++)
        {
            for (int column = 0; column < 2; column++)
            {
                byte[] block = LongHash(1024, [.. start, .. Little(column), .. Little(lane)]);
                _memory[(lane * _laneLength) + column] = Words(block);
            }
        }

        for (int pass = 0; pass < passes; pass++)
        {
            for (int slice = 0; slice < Slices; slice++)
            {
                for (int lane = 0; lane < lanes; lane++)
                {
                    FillSegment(pass, slice, lane);
                }
            }
        }

        ulong[] final = new ulong[BlockWords];
        for (int lane = 0; lane < lanes; lane++)
        {
            XorInto(final, _memory[(lane * _laneLength) + _laneLength - 1]);
        }

        return LongHash(sizeBytes, Bytes(final));
    }

    private byte[] StartingHash(
        int sizeBytes, byte[] password, byte[] salt, byte[] secret, byte[] associatedData) =>
        Blake2b.Hash(
            64,
            [
                .. Little(lanes),
                .. Little(sizeBytes),
                .. Little(memoryKiB),
                .. Little(passes),
                .. Little(0x13),
                .. Little(2),
                .. Little(password.Length),
                .. password,
                .. Little(salt.Length),
                .. salt,
                .. Little(secret.Length),
                .. secret,
                .. Little(associatedData.Length),
                .. associatedData,
            ]);

    private void FillSegment(int pass, int slice, int lane)
    {
        int segmentLength = _laneLength / Slices;
        bool independent = pass == 0 && slice < Slices / 2;
        ulong[] input = new ulong[BlockWords];
        ulong[] addresses = [];
        (input[0], input[1], input[2]) = ((ulong)pass, (ulong)lane, (ulong)slice);
        (input[3], input[4], input[5]) = ((ulong)_memory.Length, (ulong)passes, 2);
        for (int index = 0; index < segmentLength; index++)
        {
            if (independent && index % BlockWords == 0)
            {
                input[6]++;
                addresses = Compress(new ulong[BlockWords], Compress(new ulong[BlockWords], input));
            }

            if (pass == 0 && slice == 0 && index < 2)
            {
                continue;
            }

            int column = (slice * segmentLength) + index;
            int at = (lane * _laneLength) + column;
            int before = (lane * _laneLength) + ((column + _laneLength - 1) % _laneLength);
            ulong random = independent ? addresses[index % BlockWords] : _memory[before][0];
            ulong[] block = Compress(_memory[before], _memory[Reference(pass, slice, lane, index, random)]);
            if (pass > 0)
            {
                XorInto(block, _memory[at]);
            }

            _memory[at] = block;
        }
    }

    // Section 3.4: which earlier block is mixed in.
    private int Reference(int pass, int slice, int lane, int index, ulong random)
    {
        int segmentLength = _laneLength / Slices;
        uint first = (uint)(random & uint.MaxValue);
        int from = pass == 0 && slice == 0 ? lane : (int)((random >> 32) % (ulong)lanes);
        int finished = pass == 0 ? slice * segmentLength : _laneLength - segmentLength;
        int size = from == lane ? finished + index - 1 : finished - (index == 0 ? 1 : 0);
        ulong x = (ulong)first * first >> 32;
        int relative = size - 1 - (int)((ulong)size * x >> 32);
        int start = pass == 0 || slice == Slices - 1 ? 0 : (slice + 1) * segmentLength;
        return (from * _laneLength) + ((start + relative) % _laneLength);
    }

    // Section 3.5: the compression function G.
    private static ulong[] Compress(ulong[] left, ulong[] right)
    {
        ulong[] mixed = [.. left];
        XorInto(mixed, right);
        ulong[] z = [.. mixed];
        for (int row = 0; row < 8; row++)
        {
            Permute(z, i => (16 * row) + i);
        }

        for (int column = 0; column < 8; column++)
        {
            Permute(z, i => (16 * (i / 2)) + (2 * column) + (i % 2));
        }

        XorInto(z, mixed);
        return z;
    }

    // Section 3.6: the permutation P.
    private static void Permute(ulong[] z, Func<int, int> at)
    {
        for (int i = 0; i < 4; i++)
        {
            Mix(z, at(i), at(4 + i), at(8 + i), at(12 + i));
        }

        for (int i = 0; i < 4; i++)
        {
            Mix(z, at(i), at(4 + ((i + 1) % 4)), at(8 + ((i + 2) % 4)), at(12 + ((i + 3) % 4)));
        }
    }

    private static void Mix(ulong[] z, int a, int b, int c, int d)
    {
        z[a] = Add(z[a], z[b]);
        z[d] = BitOperations.RotateRight(z[d] ^ z[a], 32);
        z[c] = Add(z[c], z[d]);
        z[b] = BitOperations.RotateRight(z[b] ^ z[c], 24);
        z[a] = Add(z[a], z[b]);
        z[d] = BitOperations.RotateRight(z[d] ^ z[a], 16);
        z[c] = Add(z[c], z[d]);
        z[b] = BitOperations.RotateRight(z[b] ^ z[c], 63);
    }

    private static ulong Add(ulong x, ulong y) => unchecked(x + y + (2 * (x & uint.MaxValue) * (y & uint.MaxValue)));

    // Section 3.3: the hash of any length H'.
    private static byte[] LongHash(int sizeBytes, byte[] data)
    {
        byte[] input = [.. Little(sizeBytes), .. data];
        if (sizeBytes <= 64)
        {
            return Blake2b.Hash(sizeBytes, input);
        }

        List<byte> output = [];
        byte[] piece = Blake2b.Hash(64, input);
        while (sizeBytes - output.Count > 64)
        {
            output.AddRange(piece[..32]);
            int rest = sizeBytes - output.Count;
            piece = Blake2b.Hash(Math.Min(rest, 64), piece);
        }

        output.AddRange(piece);
        return [.. output];
    }

    private static void XorInto(ulong[] target, ulong[] source)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] ^= source[i];
        }
    }

    private static ulong[] Words(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length / 8)
            .Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8 * i)))
            .ToArray();

    private static byte[] Bytes(ulong[] words) => words.SelectMany(BitConverter.GetBytes).ToArray();

    private static byte[] Little(int value) => BitConverter.GetBytes(value);
}
