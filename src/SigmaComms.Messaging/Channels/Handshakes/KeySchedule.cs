using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The chain of secrets of one connection, without pre-shared keys.</summary>
/// <standard>RFC 8446, section 7.1.</standard>
internal sealed class KeySchedule : IDisposable
{
    private readonly SuiteProfile _suite;
    private readonly SecretBytes _secret;
    private readonly byte[] _emptyHash;

    /// <summary>Starts at the early secret.</summary>
    public KeySchedule(SuiteProfile suite)
    {
        _suite = suite;
        _secret = new SecretBytes(suite.HashSize);
        _emptyHash = CryptographicOperations.HashData(suite.Hash, ReadOnlySpan<byte>.Empty);
        Span<byte> zeros = stackalloc byte[suite.HashSize];
        zeros.Clear();
        HKDF.Extract(suite.Hash, zeros, zeros, _secret.Span);
    }

    /// <summary>The present secret of the chain, for tests.</summary>
    internal ReadOnlySpan<byte> Present => _secret.Span;

    /// <summary>Goes on to the handshake secret.</summary>
    public void EnterHandshake(ReadOnlySpan<byte> sharedSecret) => Advance(sharedSecret);

    /// <summary>Goes on to the master secret.</summary>
    public void EnterMaster()
    {
        Span<byte> zeros = stackalloc byte[_suite.HashSize];
        zeros.Clear();
        Advance(zeros);
    }

    /// <summary>Derive-Secret of the present secret.</summary>
    public SecretBytes Derive(string label, ReadOnlySpan<byte> transcriptHash)
    {
        var derived = new SecretBytes(_suite.HashSize);
        _suite.ExpandLabel(_secret.Span, label, transcriptHash, derived.Span);
        return derived;
    }

    public void Dispose() => _secret.Dispose();

    private void Advance(ReadOnlySpan<byte> input)
    {
        using SecretBytes salt = Derive("derived", _emptyHash);
        HKDF.Extract(_suite.Hash, input, salt.Span, _secret.Span);
    }
}
