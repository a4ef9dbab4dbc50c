namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>Winternitz one-time keys: chains of hashes, cut where the digits of the signed value say.</summary>
/// <standard>FIPS 205, section 5.</standard>
internal static class SlhChains
{
    private const int DigitBits = 4;
    private const int DigitMax = SlhHash.ChainEnd;

    /// <summary>The digits of a value and of their checksum. Algorithm 7, lines 1 to 7.</summary>
    /// <param name="value">n bytes.</param>
    /// <param name="digits">Receives a number of 0 to 15 for each chain.</param>
    public static void ReadDigits(ReadOnlySpan<byte> value, Span<int> digits)
    {
        int checksum = 0;
        for (int i = 0; i < value.Length; i++)
        {
            digits[2 * i] = value[i] >> DigitBits;
            digits[(2 * i) + 1] = value[i] & DigitMax;
            checksum += (2 * DigitMax) - digits[2 * i] - digits[(2 * i) + 1];
        }

        digits[2 * value.Length] = checksum >> (2 * DigitBits);
        digits[(2 * value.Length) + 1] = (checksum >> DigitBits) & DigitMax;
        digits[(2 * value.Length) + 2] = checksum & DigitMax;
    }

    /// <summary>Public keys of neighbours, and the signature by one of them. Algorithms 6 and 7.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="place">Layer and tree.</param>
    /// <param name="firstKey">The first of the keys.</param>
    /// <param name="digits">What to sign.</param>
    /// <param name="signer">The key that signs, or any other to sign nothing; public.</param>
    /// <param name="keys">Receives n bytes for each key; says how many there are.</param>
    /// <param name="ends">Scratch with room for all chains of all keys.</param>
    /// <param name="signature">Receives n bytes for each chain, if one of these keys signs.</param>
    public static void DeriveKeys(
        SlhHash hash,
        SlhAddress place,
        int firstKey,
        ReadOnlySpan<int> digits,
        int signer,
        Span<byte> keys,
        Span<byte> ends,
        Span<byte> signature)
    {
        int size = hash.Set.HashSize;
        int chains = hash.Set.Chains;
        int count = keys.Length / size;
        Span<SlhAddress> places = stackalloc SlhAddress[SlhHash.GroupSize];
        Span<int> keep = stackalloc int[SlhHash.GroupSize];
        Span<byte> kept = stackalloc byte[SlhHash.GroupSize * SlhParameters.HashSizeMax];
        int key = firstKey;
        int chain = 0;
        for (int done = 0; done < count * chains; done += SlhHash.GroupSize)
        {
            int group = Math.Min(SlhHash.GroupSize, (count * chains) - done);
            for (int i = 0; i < group; i++)
            {
                keep[i] = key == signer ? digits[chain] : SlhHash.KeepNone;
                places[i] = new SlhAddress(
                    place.Layer, place.Tree, SlhAddressType.Chain, (uint)key, (uint)chain);
                chain++;
                if (chain == chains)
                {
                    chain = 0;
                    key++;
                }
            }

            Span<byte> groupEnds = ends.Slice(done * size, group * size);
            hash.RunChains(places[..group], keep[..group], groupEnds, kept);
            for (int i = 0; i < group; i++)
            {
                if (keep[i] != SlhHash.KeepNone)
                {
                    kept.Slice(i * size, size).CopyTo(signature[((int)places[i].Chain * size)..]);
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            places[i] = place with { Type = SlhAddressType.ChainEnds, KeyPair = (uint)(firstKey + i) };
        }

        hash.HashRows(places[..count], ends[..(count * chains * size)], keys);
    }

    /// <summary>The public key that a signature belongs to. Algorithm 8.</summary>
    /// <param name="hash">The hashes.</param>
    /// <param name="place">Layer, tree and key.</param>
    /// <param name="value">What is signed: n bytes.</param>
    /// <param name="signature">n bytes for each chain.</param>
    /// <param name="key">Receives n bytes; may be the value.</param>
    public static void RecoverKey(
        SlhHash hash,
        SlhAddress place,
        ReadOnlySpan<byte> value,
        ReadOnlySpan<byte> signature,
        Span<byte> key)
    {
        int size = hash.Set.HashSize;
        int chains = hash.Set.Chains;
        Span<int> digits = stackalloc int[chains];
        Span<int> order = stackalloc int[chains];
        Span<byte> ends = stackalloc byte[chains * size];
        Span<SlhAddress> places = stackalloc SlhAddress[SlhHash.GroupSize];
        Span<int> steps = stackalloc int[SlhHash.GroupSize];
        Span<byte> values = stackalloc byte[SlhHash.GroupSize * size];
        ReadDigits(value, digits);
        SortByDigit(digits, order);
        for (int done = 0; done < chains; done += SlhHash.GroupSize)
        {
            int group = Math.Min(SlhHash.GroupSize, chains - done);
            for (int i = 0; i < group; i++)
            {
                int chain = order[done + i];
                steps[i] = digits[chain];
                places[i] = place with { Type = SlhAddressType.Chain, Chain = (uint)chain };
                signature.Slice(chain * size, size).CopyTo(values[(i * size)..]);
            }

            hash.FinishChains(places[..group], steps[..group], values);
            for (int i = 0; i < group; i++)
            {
                values.Slice(i * size, size).CopyTo(ends[(order[done + i] * size)..]);
            }
        }

        hash.HashRows([place with { Type = SlhAddressType.ChainEnds }], ends, key);
    }

    // Chains that have about as far to go run side by side.
    private static void SortByDigit(ReadOnlySpan<int> digits, Span<int> order)
    {
        int next = 0;
        for (int digit = 0; digit <= DigitMax; digit++)
        {
            for (int chain = 0; chain < digits.Length; chain++)
            {
                if (digits[chain] == digit)
                {
                    order[next++] = chain;
                }
            }
        }
    }
}
