using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Identities and times that the channel tests share; made once.</summary>
internal static class TestIdentities
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TlsIdentity Client = Make(1, "client", Now.AddDays(-1), Now.AddDays(30));

    public static readonly TlsIdentity Server = Make(2, "server", Now.AddDays(-1), Now.AddDays(30));

    public static readonly TlsIdentity Expired = Make(3, "expired", Now.AddDays(-9), Now.AddDays(-2));

    public static readonly TlsIdentity NotYetValid = Make(4, "early", Now.AddDays(2), Now.AddDays(9));

    public static TlsIdentity Make(ulong seed, string name, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var random = new SeededRandom(seed);
        return TlsIdentity.Create(new MlDsa65SigningKey(random.Bytes(32)), name, notBefore, notAfter, random);
    }

    public static TlsOptions ClientOptions { get; } = new() { Identity = Client };

    public static TlsOptions ServerOptions { get; } = new() { Identity = Server };
}
