using System.Text.Json;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Channels.Handshakes;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>Key schedule and records against the simple handshake of RFC 8448, section 3.</summary>
public sealed class Rfc8448Tests
{
    private static readonly Dictionary<string, byte[]> Trace = Load();

    [Fact]
    public void The_chain_of_secrets_is_the_traces()
    {
        using var schedule = new KeySchedule(SuiteProfile.Aes128GcmSha256);
        byte[] early = schedule.Present.ToArray();
        schedule.EnterHandshake(Trace["shared_secret"]);
        byte[] handshake = schedule.Present.ToArray();
        schedule.EnterMaster();

        Assert.Equal(Trace["early_secret"], early);
        Assert.Equal(Trace["handshake_secret"], handshake);
        Assert.Equal(Trace["master_secret"], schedule.Present.ToArray());
    }

    [Fact]
    public void Traffic_secrets_and_finished_values_are_the_traces()
    {
        using var transcript = new Transcript();
        using var schedule = new KeySchedule(SuiteProfile.Aes128GcmSha256);
        Append(transcript, "client_hello");
        transcript.Use(SuiteProfile.Aes128GcmSha256);
        Append(transcript, "server_hello");
        schedule.EnterHandshake(Trace["shared_secret"]);
        SecretBytes clientHandshake = schedule.Derive("c hs traffic", transcript.Current());
        SecretBytes serverHandshake = schedule.Derive("s hs traffic", transcript.Current());
        byte[][] handshakeSecrets = [clientHandshake.Span.ToArray(), serverHandshake.Span.ToArray()];
        Append(transcript, "encrypted_extensions", "certificate", "certificate_verify");
        byte[] serverFinished = FinishedOf(serverHandshake, transcript);
        Append(transcript, "server_finished");
        schedule.EnterMaster();
        using SecretBytes client = schedule.Derive("c ap traffic", transcript.Current());
        using SecretBytes server = schedule.Derive("s ap traffic", transcript.Current());
        byte[] clientFinished = FinishedOf(clientHandshake, transcript);

        Assert.Equal([Trace["client_handshake_traffic"], Trace["server_handshake_traffic"]], handshakeSecrets);
        Assert.Equal(Trace["server_finished"][4..], serverFinished);
        Assert.Equal(Trace["client_application_traffic"], client.Span.ToArray());
        Assert.Equal(Trace["server_application_traffic"], server.Span.ToArray());
        Assert.Equal(Trace["client_finished"][4..], clientFinished);
    }

    [Theory]
    [InlineData("client_handshake_traffic", "client_finished", 22, "client_finished_record", 0)]
    [InlineData("client_application_traffic", "application_data", 23, "client_data_record", 0)]
    [InlineData("server_application_traffic", "application_data", 23, "server_data_record", 1)]
    [InlineData("client_application_traffic", "close_notify", 21, "client_alert_record", 1)]
    [InlineData("server_application_traffic", "close_notify", 21, "server_alert_record", 2)]
    public void Records_are_the_traces(string secret, string content, int type, string record, int sequence)
    {
        using var protection = new RecordProtection(SuiteProfile.Aes128GcmSha256, new SecretBytes(Trace[secret]));
        byte[] sealedRecord = new byte[RecordProtection.SealedSize(Trace[content].Length)];

        for (int i = 0; i <= sequence; i++)
        {
            protection.Seal((ContentType)type, Trace[content], sealedRecord);
        }

        Assert.Equal(Trace[record], sealedRecord);
    }

    private static byte[] FinishedOf(SecretBytes secret, Transcript transcript)
    {
        using var protection = new RecordProtection(SuiteProfile.Aes128GcmSha256, secret);
        byte[] value = new byte[32];
        protection.Finished(transcript.Current(), value);
        return value;
    }

    private static void Append(Transcript transcript, params string[] messages) =>
        Array.ForEach(messages, name => transcript.Append(Trace[name]));

    private static Dictionary<string, byte[]> Load()
    {
        using JsonDocument file = JsonDocument.Parse(
            File.ReadAllText(RepositoryFiles.PathOf("tests/vectors/rfc8448/simple-1-rtt.json")));
        return file.RootElement.GetProperty("values").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => Convert.FromHexString(entry.Value.GetString()!));
    }
}
