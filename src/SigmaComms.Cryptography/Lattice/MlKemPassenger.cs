using SigmaComms.Cryptography.Hashing;

namespace SigmaComms.Cryptography.Lattice;

/// <summary>
/// A hash that rides in a lane beside the matrix: H of the encapsulation key or J of z and the ciphertext. Each has
/// 3 k blocks in every parameter set, and each polynomial of the matrix takes three.
/// </summary>
/// <standard>FIPS 203, section 4.1.</standard>
internal ref struct MlKemPassenger
{
    private const int RateBytes = KeccakSponge.Shake256Rate;

    private readonly byte _suffix;
    private readonly Span<byte> _hash;
    private ReadOnlySpan<byte> _first;
    private ReadOnlySpan<byte> _second;

    private MlKemPassenger(byte suffix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> hash)
    {
        _suffix = suffix;
        _first = first;
        _second = second;
        _hash = hash;
        IsWaiting = true;
    }

    /// <summary>Whether it has blocks left; a passenger that was never made has none.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>H: SHA3-256 of the key.</summary>
    public static MlKemPassenger HashKey(ReadOnlySpan<byte> key, Span<byte> hash) =>
        new(KeccakSponge.Sha3Suffix, key, default, hash);

    /// <summary>J: SHAKE256 of the rejection key and the ciphertext.</summary>
    public static MlKemPassenger Reject(ReadOnlySpan<byte> key, ReadOnlySpan<byte> ciphertext, Span<byte> secret) =>
        new(KeccakSponge.ShakeSuffix, key, ciphertext, secret);

    /// <summary>Adds the next block to its lane.</summary>
    public void AddBlock(scoped Span<ulong> words, int lane)
    {
        if (_first.IsEmpty && _second.Length >= RateBytes)
        {
            _first = _second;
            _second = default;
        }

        if (_first.Length >= RateBytes)
        {
            KeccakLane.XorIn(words, KeccakX4.Lanes, lane, _first[..RateBytes]);
            _first = _first[RateBytes..];
            return;
        }

        Span<byte> block = stackalloc byte[RateBytes];
        int filled = Move(ref _first, block);
        filled += Move(ref _second, block[filled..]);
        KeccakLane.XorIn(words, KeccakX4.Lanes, lane, block[..filled]);
        if (filled < RateBytes)
        {
            KeccakLane.Pad(words, KeccakX4.Lanes, lane, filled, RateBytes, _suffix);
            IsWaiting = false;
        }

        block.Clear();
    }

    /// <summary>Takes its hash after the last block.</summary>
    public readonly void Finish(scoped ReadOnlySpan<ulong> words, int lane) =>
        KeccakLane.CopyOut(words, KeccakX4.Lanes, lane, _hash);

    private static int Move(ref ReadOnlySpan<byte> source, scoped Span<byte> target)
    {
        int size = Math.Min(source.Length, target.Length);
        source[..size].CopyTo(target);
        source = source[size..];
        return size;
    }
}
