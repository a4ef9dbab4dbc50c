using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Tests.Support;

/// <summary>An account with one device, made from a seed.</summary>
internal sealed class TestAccount
{
    public TestAccount(string name, ulong seed)
    {
        Random = new SeededRandom(seed);
        using var accountKey = new MlDsa65SigningKey(Random.Bytes(32));
        var deviceKey = new MlDsa65SigningKey(Random.Bytes(32));
        var identityKey = new SecretBytes(Random.Bytes(32));
        Device = new LocalDevice(accountKey.Id, 1, deviceKey, identityKey);
        Record = AccountRecord.Create(
            name,
            accountKey,
            1,
            [new DeviceEntry(deviceKey.PublicKey.Span, Device.IdentityPublicKey.Span)],
            SystemRandom.Instance);
    }

    public SeededRandom Random { get; }

    public LocalDevice Device { get; }

    public AccountRecord Record { get; }

    public RemoteDevice Remote => RemoteDevice.From(Record, Device.DeviceId)!;
}
