using System.Text;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>One side of a conversation: a device, and its sessions with the peer.</summary>
internal sealed class TestParty
{
    public TestParty(TestDevice device, TestDevice peer)
    {
        Device = device;
        Peer = peer;
        Sessions = DeviceSessions.New(device.Local.DeviceId, peer.Remote);
    }

    public TestDevice Device { get; }

    public TestDevice Peer { get; }

    public DeviceSessions Sessions { get; set; }

    public DateTimeOffset Now { get; set; } = TestDevice.Start;

    /// <summary>Two parties that know each other, and nothing sent.</summary>
    public static (TestParty A, TestParty B) Pair(ulong seed)
    {
        var a = new TestDevice("alpha", new SeededRandom(seed));
        var b = new TestDevice("beta", new SeededRandom(seed + 1));
        return (new TestParty(a, b), new TestParty(b, a));
    }

    /// <summary>Two parties that have both sent and received.</summary>
    public static (TestParty A, TestParty B) Established(ulong seed)
    {
        (TestParty a, TestParty b) = Pair(seed);
        b.MustOpen(a.Seal("hello", b.Device.OneTimeBundle(a.Now)), "hello");
        a.MustOpen(b.Seal("hello back"), "hello back");
        return (a, b);
    }

    public byte[] Seal(string text, PrekeyBundle? bundle = null) => Seal(Encoding.UTF8.GetBytes(text), bundle);

    public byte[] Seal(byte[] plaintext, PrekeyBundle? bundle = null)
    {
        EncryptResult result = Sessions.Encrypt(plaintext, Device.Local, bundle, Now, Device.Random);
        Assert.Equal(EncryptStatus.Ok, result.Status);
        return result.Message;
    }

    public DecryptResult Open(byte[] message)
    {
        DecryptResult result =
            Sessions.Decrypt(message, Device.Local, Device.Ring, Peer.Remote, Now, Device.Random);
        Device.Ring.Apply(result);
        return result;
    }

    public void MustOpen(byte[] message, string text)
    {
        DecryptResult result = Open(message);
        Assert.Equal(DecryptStatus.Ok, result.Status);
        Assert.Equal(text, Encoding.UTF8.GetString(result.Plaintext!));
    }

    /// <summary>Refused with this status, and not a byte of the state changed.</summary>
    public void MustRefuse(byte[] message, DecryptStatus status)
    {
        byte[] before = Sessions.Export();

        DecryptResult result = Open(message);

        Assert.Equal(status, result.Status);
        Assert.Null(result.Plaintext);
        Assert.Equal(before, Sessions.Export());
    }

    /// <summary>Another party with the same state, as a thief or a backup has it.</summary>
    public TestParty Copy()
    {
        Assert.True(DeviceSessions.TryImport(Sessions.Export(), out DeviceSessions? copy));
        return new TestParty(Device, Peer) { Sessions = copy!, Now = Now };
    }
}
