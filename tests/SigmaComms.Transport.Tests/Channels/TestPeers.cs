using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Transport.Channels;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>Two identities that are valid at every time that the tests use, made once.</summary>
internal static class TestPeers
{
    // On a busy machine a handshake may take longer than the default.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static readonly TlsIdentity Client = Make("client");

    public static readonly TlsIdentity Server = Make("server");

    public static SecureChannelOptions ClientOptions { get; } =
        new() { Identity = Client, HandshakeTimeout = Patience };

    public static SecureChannelOptions ServerOptions { get; } =
        new() { Identity = Server, HandshakeTimeout = Patience };

    private static TlsIdentity Make(string name)
    {
        byte[] seed = new byte[MlDsa65.SeedSize];
        SystemRandom.Instance.Fill(seed);
        var key = new MlDsa65SigningKey(seed);
        DateTimeOffset from = DateTimeOffset.UnixEpoch.AddDays(-1);
        return TlsIdentity.Create(key, name, from, from.AddYears(200), SystemRandom.Instance);
    }
}
