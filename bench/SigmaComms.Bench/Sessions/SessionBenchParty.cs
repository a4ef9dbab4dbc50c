using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Bench.Sessions;

/// <summary>A device with its prekeys, for <see cref="SessionBench"/>.</summary>
internal sealed class SessionBenchParty : IDisposable
{
    private readonly PrekeyRing _ring = new();

    public SessionBenchParty(string name)
    {
        using MlDsa65SigningKey account = NewKey();
        byte[] identityPrivate = Random(32);
        Device = new LocalDevice(account.Id, 1, NewKey(), new SecretBytes(identityPrivate));
        var entry = new DeviceEntry(Device.SigningKey.PublicKey.Span, Device.IdentityPublicKey.Span);
        AccountRecord record = AccountRecord.Create(name, account, 1, [entry], SystemRandom.Instance);
        Remote = RemoteDevice.From(record, Device.DeviceId)!;
    }

    public LocalDevice Device { get; }

    public RemoteDevice Remote { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public PrekeyBundle OneTimeBundle() => _ring.Publish(Device, 1, Now, SystemRandom.Instance).OneTime[0];

    public byte[] Seal(DeviceSessions sessions, byte[] payload, PrekeyBundle? bundle)
    {
        EncryptResult result = sessions.Encrypt(payload, Device, bundle, Now, SystemRandom.Instance);
        return result.Status == EncryptStatus.Ok
            ? result.Message
            : throw new InvalidOperationException(result.Status.ToString());
    }

    public void Open(DeviceSessions sessions, byte[] message, RemoteDevice sender)
    {
        DecryptResult result = sessions.Decrypt(message, Device, _ring, sender, Now, SystemRandom.Instance);
        _ring.Apply(result);
        if (result.Status != DecryptStatus.Ok)
        {
            throw new InvalidOperationException(result.Status.ToString());
        }
    }

    public void Dispose()
    {
        Device.Dispose();
        _ring.Dispose();
    }

    private static MlDsa65SigningKey NewKey() => new(Random(MlDsa65.SeedSize));

    private static byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        SystemRandom.Instance.Fill(bytes);
        return bytes;
    }
}
