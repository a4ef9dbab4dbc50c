using System.Security.Cryptography;
using SigmaComms.Cryptography;

namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>The running hash over all handshake messages. Messages before the suite is known wait.</summary>
/// <standard>RFC 8446, section 4.4.1.</standard>
internal sealed class Transcript : IDisposable
{
    private byte[] _waiting = [];
    private IncrementalHash? _hash;
    private SuiteProfile? _suite;

    /// <summary>The size of the hash.</summary>
    public int HashSize => _suite?.HashSize ?? 0;

    /// <summary>Appends a message with its header.</summary>
    public void Append(ReadOnlySpan<byte> message)
    {
        if (_hash is not null)
        {
            _hash.AppendData(message);
            return;
        }

        _waiting = [.. _waiting, .. message];
    }

    /// <summary>Fixes the hash, once.</summary>
    public void Use(SuiteProfile suite)
    {
        if (_suite is not null)
        {
            Invariant.Holds(_suite == suite);
            return;
        }

        _suite = suite;
        _hash = IncrementalHash.CreateHash(suite.Hash);
        _hash.AppendData(_waiting);
        _waiting = [];
    }

    /// <summary>The hash over all so far.</summary>
    public byte[] Current()
    {
        Invariant.Holds(_hash is not null);
        return _hash.GetCurrentHash();
    }

    /// <summary>Replaces all so far, the first ClientHello, by its hash, as a HelloRetryRequest demands.</summary>
    public void ReplaceByHash() => StartFrom(Current());

    /// <summary>Starts with the hash of a first ClientHello that is known from a cookie.</summary>
    public void StartFrom(ReadOnlySpan<byte> firstHelloHash)
    {
        Invariant.Holds(_hash is not null && firstHelloHash.Length == HashSize);
        byte[] replaced = HandshakeMessage.Build(HandshakeType.MessageHash, firstHelloHash);
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(_suite!.Hash);
        _hash.AppendData(replaced);
    }

    public void Dispose() => _hash?.Dispose();
}
