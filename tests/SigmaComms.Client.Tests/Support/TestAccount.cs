using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Client.Tests.Support;

/// <summary>An account with one device, made from a seed.</summary>
internal sealed class TestAccount
{
    private readonly byte[] _accountSeed;
    private readonly byte[] _deviceSeed;

    public TestAccount(string name, ulong seed)
        : this(name, new SeededRandom(seed), null, 1)
    {
    }

    private TestAccount(string name, SeededRandom random, TestAccount? before, uint version)
    {
        Random = random;
        _accountSeed = before?._accountSeed ?? Random.Bytes(32);
        _deviceSeed = before?._deviceSeed ?? Random.Bytes(32);
        using var accountKey = new MlDsa65SigningKey(_accountSeed);
        var deviceKey = new MlDsa65SigningKey(_deviceSeed);
        var identityKey = new SecretBytes(Random.Bytes(32));
        Device = new LocalDevice(accountKey.Id, version, deviceKey, identityKey);
        Record = AccountRecord.Create(
            name,
            accountKey,
            version,
            [new DeviceEntry(deviceKey.PublicKey.Span, Device.IdentityPublicKey.Span)],
            SystemRandom.Instance);
    }

    public SeededRandom Random { get; }

    public LocalDevice Device { get; }

    public AccountRecord Record { get; }

    /// <summary>The same account and device key with another identity key, in a newer record.</summary>
    public TestAccount Renewed(uint version, ulong seed) => new(Record.Name, new SeededRandom(seed), this, version);

    public RemoteDevice Remote => RemoteDevice.From(Record, Device.DeviceId)!;
}
