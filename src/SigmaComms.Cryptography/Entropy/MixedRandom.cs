using System.Security.Cryptography;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Cryptography.Entropy;

/// <summary>
/// The system's generator with further sources mixed in. Every output takes fresh bytes of the system's generator, so
/// that a further source, even one in an attacker's hands, cannot make it worse.
/// </summary>
/// <remarks>
/// The pool is the salt and fresh bytes are the key of HKDF's extraction; the pool moves on with each output, so that a
/// later look at it tells no earlier output. Safe to call from any thread.
/// </remarks>
/// <standard>RFC 5869 with SHA-512; after NIST SP 800-90C, section 10.3, but with the system always present.</standard>
public sealed class MixedRandom : IRandomSource, IDisposable
{
    private const int StirSize = 64;
    private const int BlockSize = 8192;

    private static readonly byte[] OutputLabel = "sigma random v1 output"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly IRandomSource _system;
    private readonly SecretBytes _pool = new(HkdfSha512.HashSize);

    /// <summary>Starts with nothing mixed in.</summary>
    /// <param name="system">The system's generator.</param>
    public MixedRandom(IRandomSource system) => _system = system;

    /// <summary>Mixes in bytes, from quantum key distribution for example. They may be known to others.</summary>
    /// <param name="extra">Any number of bytes.</param>
    public void Stir(ReadOnlySpan<byte> extra)
    {
        Span<byte> next = stackalloc byte[HkdfSha512.HashSize];
        lock (_gate)
        {
            HkdfSha512.Extract(_pool.Span, extra, next);
            next.CopyTo(_pool.Span);
        }

        CryptographicOperations.ZeroMemory(next);
    }

    /// <summary>Mixes in 64 bytes of a raw source.</summary>
    /// <param name="source">The source, with its health tests.</param>
    /// <returns>False, with nothing mixed in, if the source has an alarm.</returns>
    public bool TryStir(MonitoredSource source)
    {
        Span<byte> raw = stackalloc byte[StirSize];
        bool healthy = source.TryRead(raw);
        if (healthy)
        {
            Stir(raw);
        }

        CryptographicOperations.ZeroMemory(raw);
        return healthy;
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        Span<byte> key = stackalloc byte[HkdfSha512.HashSize];
        try
        {
            while (!destination.IsEmpty)
            {
                int size = Math.Min(BlockSize, destination.Length);
                NextKey(key);
                HkdfSha512.Expand(key, OutputLabel, destination[..size]);
                destination = destination[size..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void NextKey(Span<byte> key)
    {
        Span<byte> fresh = stackalloc byte[HkdfSha512.HashSize];
        _system.Fill(fresh);
        lock (_gate)
        {
            HkdfSha512.Extract(_pool.Span, fresh, key);
            SHA512.HashData(_pool.Span, fresh);
            fresh.CopyTo(_pool.Span);
        }

        CryptographicOperations.ZeroMemory(fresh);
    }
}
