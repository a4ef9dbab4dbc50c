using System.Text;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>The conversation of a vector held by the code under test, with the given random sources.</summary>
internal sealed class SessionVectorRun : IDisposable
{
    private readonly SessionVector _vector;
    private readonly LocalDevice[] _devices;
    private readonly RemoteDevice[] _remotes;
    private readonly DeviceSessions[] _sessions;
    private readonly IRandomSource[] _randoms;
    private readonly VectorPrekeys _prekeys;
    private readonly PrekeyBundle _bundle;
    private readonly DateTimeOffset _now;

    public SessionVectorRun(SessionVector vector, IRandomSource initiatorRandom, IRandomSource responderRandom)
    {
        _vector = vector;
        _devices = [Device(vector.Initiator), Device(vector.Responder)];
        _remotes = [Remote(vector.Initiator, _devices[0]), Remote(vector.Responder, _devices[1])];
        _sessions =
        [
            DeviceSessions.New(_devices[0].DeviceId, _remotes[1]),
            DeviceSessions.New(_devices[1].DeviceId, _remotes[0]),
        ];
        _randoms = [initiatorRandom, responderRandom];
        _prekeys = new VectorPrekeys(vector.Prekeys);
        Assert.True(PrekeyBundle.TryDecode(Convert.FromHexString(vector.Prekeys.Bundle), out PrekeyBundle? bundle));
        _bundle = bundle;
        _now = DateTimeOffset.FromUnixTimeMilliseconds(vector.StartMs);
    }

    public string SafetyNumber =>
        Messaging.KeyDirectory.SafetyNumber.Compute(
            AccountKey(_vector.Initiator).Span, AccountKey(_vector.Responder).Span);

    /// <summary>Seals the next message, opens it at the other side, and gives its bytes.</summary>
    public string Next(MessageValues script)
    {
        int from = script.FromInitiator ? 0 : 1;
        if (script.RequestsStep)
        {
            _sessions[from].RequestStep();
        }

        EncryptResult sealedMessage = _sessions[from].Encrypt(
            Encoding.UTF8.GetBytes(script.Text), _devices[from], _bundle, _now, _randoms[from]);
        DecryptResult opened = _sessions[1 - from].Decrypt(
            sealedMessage.Message, _devices[1 - from], _prekeys, _remotes[from], _now, _randoms[1 - from]);
        Assert.Equal(DecryptStatus.Ok, opened.Status);
        Assert.Equal(script.Text, Encoding.UTF8.GetString(opened.Plaintext!));
        return Convert.ToHexStringLower(sealedMessage.Message);
    }

    /// <summary>Both roots, as one side's state holds them now.</summary>
    public (string RootEc, string RootPq) Roots(bool ofInitiator)
    {
        var writer = new WireWriter();
        _sessions[ofInitiator ? 0 : 1].Current!.Write(writer);
        var reader = new WireReader(writer.Written);
        reader.Fixed(MessageFraming.TranscriptHashSize);
        reader.Opaque16();
        RatchetFieldsCodec.Read(ref reader);
        var secrets = new RatchetSecrets(reader.Fixed(RatchetSecrets.SizeBytes).ToArray());
        return (Convert.ToHexStringLower(secrets.EcRoot), Convert.ToHexStringLower(secrets.PqRoot));
    }

    public void Dispose()
    {
        foreach (LocalDevice device in _devices)
        {
            device.Dispose();
        }
    }

    private static LocalDevice Device(PartyValues party)
    {
        using var account = new MlDsa65SigningKey(Convert.FromHexString(party.AccountSeed));
        var signing = new MlDsa65SigningKey(Convert.FromHexString(party.SigningSeed));
        return new LocalDevice(
            account.Id, party.ListVersion, signing, new SecretBytes(Convert.FromHexString(party.IdentityPrivate)));
    }

    private static RemoteDevice Remote(PartyValues party, LocalDevice device)
    {
        Assert.True(AccountRecord.TryDecode(Convert.FromHexString(party.AccountRecord), out AccountRecord? record));
        return RemoteDevice.From(record, device.DeviceId)!;
    }

    private static ReadOnlyMemory<byte> AccountKey(PartyValues party)
    {
        using var account = new MlDsa65SigningKey(Convert.FromHexString(party.AccountSeed));
        return account.PublicKey.ToArray();
    }
}
