using System.Text.Json;
using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>
/// The vectors in tests/vectors/sessions, computed anew by <see cref="SessionCalculator"/> and replayed by the code
/// under test. SIGMA_ACCEPT_VECTORS=1 makes them anew, which is a change of the format.
/// </summary>
public sealed class SessionVectorTests
{
    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static TheoryData<int> Indexes => [0, 1];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void An_independent_computation_gives_every_value_of_the_vector(int index)
    {
        SessionVector vector = Load()[index];
        var calculator = new SessionCalculator(vector);

        Assert.Equal(vector.Handshake, calculator.Handshake());

        Assert.All(vector.Messages, expected => Assert.Equal(expected, calculator.Next(expected)));
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void The_code_gives_the_same_bytes_and_roots_from_the_same_draws_and_opens_them(int index)
    {
        SessionVector vector = Load()[index];
        var initiatorRandom = new PlaybackRandom(vector.InitiatorDraws);
        var responderRandom = new PlaybackRandom(vector.ResponderDraws);
        using var run = new SessionVectorRun(vector, initiatorRandom, responderRandom);

        foreach (MessageValues expected in vector.Messages)
        {
            Assert.Equal(expected.Message, run.Next(expected));
            Assert.Equal((expected.RootEc, expected.RootPq), run.Roots(expected.FromInitiator));
            Assert.Equal((expected.RootEc, expected.RootPq), run.Roots(!expected.FromInitiator));
        }

        Assert.Equal(0, initiatorRandom.Left);
        Assert.Equal(0, responderRandom.Left);
        Assert.Equal(vector.SafetyNumber, run.SafetyNumber);
    }

    [Fact]
    public void The_vectors_cover_both_kinds_of_prekeys_and_three_epochs()
    {
        SessionVector[] vectors = Load();

        Assert.Equal(2u, vectors[0].Messages.Max(message => message.Epoch));
        Assert.NotNull(vectors[0].Prekeys.OneTimePrekeyId);
        Assert.False(vectors[0].Prekeys.IsLastResort);
        Assert.Null(vectors[1].Prekeys.OneTimePrekeyId);
        Assert.True(vectors[1].Prekeys.IsLastResort);
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void The_golden_records_and_bundles_decode_and_verify(int index)
    {
        SessionVector vector = Load()[index];

        Assert.True(AccountRecord.TryDecode(
            Convert.FromHexString(vector.Responder.AccountRecord), out AccountRecord? record));
        Assert.True(PrekeyBundle.TryDecode(Convert.FromHexString(vector.Prekeys.Bundle), out PrekeyBundle? bundle));

        Assert.Equal("beta", record.Name);
        Assert.Equal(vector.Responder.ListVersion, record.Version);
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(vector.StartMs);
        Assert.True(bundle.Verify(record.Devices[0].SigPublicKey.Span, now));
        Assert.Equal(vector.Prekeys.KemPrekeyId, bundle.KemPrekeyId);
    }

    private static SessionVector[] Load()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SigmaComms.sln")))
        {
            root = root.Parent!;
        }

        string path = Path.Combine(root.FullName, "tests", "vectors", "sessions", "sessions.json");
        if (Environment.GetEnvironmentVariable("SIGMA_ACCEPT_VECTORS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, JsonSerializer.Serialize(SessionVectorGenerator.Generate(), Json) + "\n");
        }

        return JsonSerializer.Deserialize<SessionVector[]>(File.ReadAllText(path), Json)!;
    }
}
