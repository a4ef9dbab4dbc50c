using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>An account with one device and its prekeys.</summary>
internal sealed class TestDevice : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestDevice(string name, SeededRandom random)
    {
        Random = random;
        AccountKey = new MlDsa65SigningKey(random.Bytes(MlDsa65.SeedSize));
        var signingKey = new MlDsa65SigningKey(random.Bytes(MlDsa65.SeedSize));
        Local = new LocalDevice(AccountKey.Id, 1, signingKey, new SecretBytes(random.Bytes(32)));
        Entry = new DeviceEntry(signingKey.PublicKey.Span, Local.IdentityPublicKey.Span);
        Record = AccountRecord.Create(name, AccountKey, 1, [Entry], random);
        Remote = RemoteDevice.From(Record, Local.DeviceId)!;
        Ring = new PrekeyRing();
    }

    public SeededRandom Random { get; }

    public MlDsa65SigningKey AccountKey { get; }

    public LocalDevice Local { get; }

    public DeviceEntry Entry { get; }

    public AccountRecord Record { get; }

    public RemoteDevice Remote { get; }

    public PrekeyRing Ring { get; set; }

    public PrekeyBundle OneTimeBundle(DateTimeOffset now) => Ring.Publish(Local, 1, now, Random).OneTime[0];

    public PrekeyBundle LastResortBundle(DateTimeOffset now) => Ring.Publish(Local, 0, now, Random).LastResort;

    public void Dispose()
    {
        Local.Dispose();
        AccountKey.Dispose();
        Ring.Dispose();
    }
}
