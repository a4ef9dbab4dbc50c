using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>Makes the vectors from fixed seeds; run once, the output is committed.</summary>
internal static class SessionVectorGenerator
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static SessionVector[] Generate() =>
    [
        Generate("one-time prekeys, three epochs", 1, oneTime: true, Script()),
        Generate("last-resort prekey, no one-time prekey", 2, oneTime: false, Script()[..3]),
    ];

    private static MessageValues[] Script() =>
    [
        Say(fromInitiator: true, "first message"),
        Say(fromInitiator: true, "second, handshake repeated"),
        Say(fromInitiator: false, "first reply"),
        Say(fromInitiator: true, "answered"),
        Say(fromInitiator: false, "epoch 1 begins", requestsStep: true),
        Say(fromInitiator: false, "and its keys are repeated"),
        Say(fromInitiator: true, "acknowledged"),
        Say(fromInitiator: false, ""),
        Say(fromInitiator: true, "epoch 2 begins", requestsStep: true),
        Say(fromInitiator: false, "acknowledged too"),
        Say(fromInitiator: false, "last"),
    ];

    private static MessageValues Say(bool fromInitiator, string text, bool requestsStep = false) =>
        new() { FromInitiator = fromInitiator, RequestsStep = requestsStep, Text = text };

    private static SessionVector Generate(string name, ulong seed, bool oneTime, MessageValues[] script)
    {
        var random = new SeededRandom(seed);
        PartyValues initiator = Party("alpha", 3, random, out LocalDevice initiatorDevice);
        PartyValues responder = Party("beta", 8, random, out LocalDevice responderDevice);
        using var ring = new PrekeyRing();
        PrekeyPublication publication = ring.Publish(responderDevice, 1, Start, random);
        var inputs = new SessionVector
        {
            Name = name,
            StartMs = Start.ToUnixTimeMilliseconds(),
            Initiator = initiator,
            Responder = responder,
            Prekeys = Prekeys(ring, oneTime ? publication.OneTime[0] : publication.LastResort),
            InitiatorDraws = [],
            ResponderDraws = [],
            Handshake = new HandshakeValues("", "", "", "", "", "", "", ""),
            Messages = script,
            SafetyNumber = "",
        };
        var initiatorRandom = new RecordingRandom(random);
        var responderRandom = new RecordingRandom(random);
        using var run = new SessionVectorRun(inputs, initiatorRandom, responderRandom);
        string[] messages = [.. script.Select(run.Next)];
        SessionVector drawn = inputs with
        {
            InitiatorDraws = initiatorRandom.Draws,
            ResponderDraws = responderRandom.Draws,
            SafetyNumber = run.SafetyNumber,
        };
        var calculator = new SessionCalculator(drawn);
        HandshakeValues handshake = calculator.Handshake();
        MessageValues[] values = [.. script.Select(calculator.Next)];
        Assert.Equal(messages, values.Select(value => value.Message));
        initiatorDevice.Dispose();
        responderDevice.Dispose();
        return drawn with { Handshake = handshake, Messages = values };
    }

    private static PartyValues Party(string name, uint listVersion, SeededRandom random, out LocalDevice device)
    {
        byte[] accountSeed = random.Bytes(MlDsa65.SeedSize);
        byte[] signingSeed = random.Bytes(MlDsa65.SeedSize);
        byte[] identityPrivate = random.Bytes(32);
        using var account = new MlDsa65SigningKey(accountSeed);
        device = new LocalDevice(
            account.Id, listVersion, new MlDsa65SigningKey(signingSeed), new SecretBytes(identityPrivate));
        var entry = new DeviceEntry(device.SigningKey.PublicKey.Span, device.IdentityPublicKey.Span);
        AccountRecord record = AccountRecord.Create(name, account, listVersion, [entry], random);
        return new PartyValues(
            Convert.ToHexStringLower(accountSeed),
            Convert.ToHexStringLower(signingSeed),
            Convert.ToHexStringLower(identityPrivate),
            listVersion,
            Convert.ToHexStringLower(record.Encoded.Span));
    }

    private static PrekeyValues Prekeys(PrekeyRing ring, PrekeyBundle bundle)
    {
        byte[] signed = new byte[32];
        byte[] oneTime = new byte[32];
        byte[] kemSeed = new byte[64];
        Assert.True(ring.TryGetSignedPrekey(bundle.SignedPrekeyId, signed));
        Assert.True(ring.TryGetKemPrekey(bundle.KemPrekeyId, kemSeed, out bool isLastResort));
        bool hasOneTime = bundle.OneTimePrekeyId is { } id && ring.TryGetOneTimePrekey(id, oneTime);
        return new PrekeyValues(
            bundle.SignedPrekeyId,
            Convert.ToHexStringLower(signed),
            bundle.KemPrekeyId,
            Convert.ToHexStringLower(kemSeed),
            isLastResort,
            bundle.OneTimePrekeyId,
            hasOneTime ? Convert.ToHexStringLower(oneTime) : null,
            Convert.ToHexStringLower(bundle.Encoded.Span));
    }
}
