using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Channels;

/// <summary>How this process makes channels.</summary>
public sealed record SecureChannelOptions
{
    /// <summary>Who this process is.</summary>
    public required TlsIdentity Identity { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where random bytes come from; safe to call from any thread.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>Decides whether a peer that proved its identity is admitted; null: everybody is.</summary>
    public Func<NodeId, bool>? AcceptPeer { get; init; }

    /// <summary>How long a handshake may take. Default 5 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the last bytes may take when a connection is disposed. Default 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Age at which the sending key is renewed. Default 1 h.</summary>
    public TimeSpan KeyUpdateInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Records after which the sending key is renewed. Default and maximum 2^24.</summary>
    public long RecordsPerKey { get; init; } = TlsOptions.RecordsPerKeyMax;

    /// <summary>Bytes that wait in each direction before the writer must wait. Default 512 KiB.</summary>
    public int BufferMaxBytes { get; init; } = 512 * 1024;

    /// <summary>Cipher suites in order of preference.</summary>
    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } =
        [TlsCipherSuite.Aes256GcmSha384, TlsCipherSuite.Aes128GcmSha256];

    /// <summary>Groups in order of preference.</summary>
    public IReadOnlyList<TlsGroup> Groups { get; init; } = [TlsGroup.X25519MlKem768, TlsGroup.SecP256r1MlKem768];

    internal TlsOptions ToTlsOptions() => new()
    {
        Identity = Identity,
        AcceptPeer = AcceptPeer,
        RecordsPerKey = RecordsPerKey,
        Suites = Suites,
        Groups = Groups,
    };
}
