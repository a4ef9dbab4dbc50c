namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHAKE256: a hash with output of any length, absorbed and squeezed piece by piece.</summary>
/// <remarks>
/// Time and memory access depend on lengths only. Not safe for use from two threads at once. The framework's own
/// SHAKE cannot squeeze piece by piece with the OpenSSL of Debian 12.
/// </remarks>
/// <standard>FIPS 202, section 6.2.</standard>
public sealed class Shake256 : IDisposable
{
    private KeccakSponge _sponge = KeccakSponge.Shake256();

    /// <summary>Hashes in one call.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <param name="output">Receives as many bytes as it has room for.</param>
    public static void HashData(ReadOnlySpan<byte> data, Span<byte> output) => HashData(data, default, output);

    /// <summary>Takes in more data.</summary>
    /// <param name="data">Any number of bytes.</param>
    /// <exception cref="InvalidOperationException">Output was taken already.</exception>
    public void Absorb(ReadOnlySpan<byte> data) => _sponge.Absorb(data);

    /// <summary>Gives the next bytes of output; the first call ends the input.</summary>
    /// <param name="output">Receives as many bytes as it has room for.</param>
    public void Squeeze(Span<byte> output) => _sponge.Squeeze(output);

    /// <summary>Forgets everything and starts anew.</summary>
    public void Reset() => _sponge.Clear();

    /// <summary>Zeroes the state. May be called twice.</summary>
    public void Dispose() => _sponge.Clear();

    /// <summary>Hashes two pieces in a row, without joining them first.</summary>
    internal static void HashData(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output)
    {
        KeccakSponge sponge = KeccakSponge.Shake256();
        try
        {
            sponge.Absorb(first);
            sponge.Absorb(second);
            sponge.Squeeze(output);
        }
        finally
        {
            sponge.Clear();
        }
    }
}
