using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>
/// A peer that holds all the right keys and breaks the rules: its messages are sealed correctly, but their headers
/// lie. Each is refused, nothing changes, nothing throws.
/// </summary>
public sealed class HostilePeerTests
{
    public static TheoryData<string> Lies =>
        ["previous", "epoch", "pqN", "low order", "unpadded"];

    public static TheoryData<string> StepLies => ["no kem part", "invalid kem key", "epoch too high"];

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_correctly_sealed_message_whose_header_lies_is_refused(string lie)
    {
        (TestParty a, TestParty b) = TestParty.Established(801);
        byte[] honest = a.Copy().Seal("honest");
        byte[] lying = Lie(a, b, lie);

        b.MustRefuse(lying, DecryptStatus.NotAuthentic);
        b.MustOpen(honest, "honest");
    }

    [Theory]
    [MemberData(nameof(StepLies))]
    public void A_correctly_sealed_step_whose_header_lies_is_refused(string lie)
    {
        (TestParty a, TestParty b) = AlphaIsToStep(803);
        byte[] honest = a.Copy().Seal("honest");
        byte[] lying = Lie(a, b, lie);

        b.MustRefuse(lying, DecryptStatus.NotAuthentic);
        b.MustOpen(honest, "honest");
    }

    [Fact]
    public void The_same_forged_step_without_a_lie_opens_so_it_is_the_lie_that_is_refused()
    {
        (TestParty a, TestParty b) = AlphaIsToStep(804);

        b.MustOpen(Lie(a, b, "none"), "");
        Assert.Equal(2u, b.Sessions.Current!.Epoch);
    }

    [Fact]
    public void The_same_forge_without_a_lie_opens_so_it_is_the_lie_that_is_refused()
    {
        (TestParty a, TestParty b) = TestParty.Established(802);

        b.MustOpen(Lie(a, b, "none"), "");
    }

    private static (TestParty A, TestParty B) AlphaIsToStep(ulong seed)
    {
        (TestParty a, TestParty b) = TestParty.Established(seed);
        b.Sessions.RequestStep();
        b.MustOpen(a.Seal("turn"), "turn");
        a.MustOpen(b.Seal("step"), "step");
        a.Sessions.RequestStep();
        return (a, b);
    }

    // Alpha's next turn, sealed by hand with alpha's real keys and a header of our choice.
    private static byte[] Lie(TestParty a, TestParty b, string lie)
    {
        TestParty sealer = a.Copy();
        sealer.Sessions.Encrypt(default, a.Device.Local, null, a.Now, new SeededRandom(5));
        (RatchetFields fields, _, byte[] transcriptHash) = Inside(sealer);
        fields.SendN = 0;
        fields.SendPqN--;
        Tell(lie, ref fields);
        byte[] messageSecret = FirstSecret(a, new SeededRandom(5));
        var writer = new WireWriter();
        RatchetHeader.Write(writer, transcriptHash.AsSpan(0, 16), fields);
        byte[] keys = new byte[RatchetKdf.MessageKeysSize];
        RatchetKdf.MessageKeys(messageSecret, keys);
        byte[] padded = new byte[256];
        padded[0] = (byte)(lie == "unpadded" ? 0x40 : 0x80);
        byte[] message = new byte[writer.Length + padded.Length + Aes256Gcm.TagSize];
        writer.Written.CopyTo(message);
        byte[] associatedData =
        [
            .. transcriptHash,
            .. a.Device.Local.DeviceId.Value.ToArray(),
            .. b.Device.Local.DeviceId.Value.ToArray(),
            .. writer.Written,
        ];
        Aes256Gcm.Seal(keys.AsSpan(0, 32), keys.AsSpan(32), padded, associatedData, message.AsSpan(writer.Length));
        return message;
    }

    private static void Tell(string lie, ref RatchetFields fields)
    {
        switch (lie)
        {
            case "previous":
                fields.PreviousSendN = 0;
                break;
            case "epoch":
                fields.Epoch = 1;
                break;
            case "pqN":
                fields.SendPqN++;
                break;
            case "low order":
                fields.DhPublic = new byte[32];
                break;
            case "no kem part":
                fields.KemPart = [];
                break;
            case "invalid kem key":
                fields.KemPart = [.. fields.KemPart[..1088], .. Enumerable.Repeat((byte)0xFF, 1184)];
                break;
            case "epoch too high":
                fields.Epoch++;
                break;
            default:
                break;
        }
    }

    private static byte[] FirstSecret(TestParty a, SeededRandom random)
    {
        (RatchetFields fields, byte[] block, _) = Inside(a);
        var secrets = new RatchetSecrets(block);
        RatchetTurn.Begin(ref fields, secrets, 0, random);
        byte[] secret = new byte[RatchetKdf.KeySize];
        RatchetKdf.MessageSecret(secrets.EcSend, secrets.PqSend, secret);
        return secret;
    }

    private static (RatchetFields Fields, byte[] Block, byte[] TranscriptHash) Inside(TestParty party)
    {
        var writer = new WireWriter();
        party.Sessions.Current!.Write(writer);
        var reader = new WireReader(writer.Written);
        byte[] transcriptHash = reader.Fixed(MessageFraming.TranscriptHashSize).ToArray();
        reader.Opaque16();
        RatchetFields fields = RatchetFieldsCodec.Read(ref reader);
        return (fields, reader.Fixed(RatchetSecrets.SizeBytes).ToArray(), transcriptHash);
    }
}
