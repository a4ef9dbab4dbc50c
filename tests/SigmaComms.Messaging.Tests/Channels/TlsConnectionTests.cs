using SigmaComms.Messaging.Channels;

namespace SigmaComms.Messaging.Tests.Channels;

public sealed class TlsConnectionTests
{
    [Theory]
    [InlineData(TlsGroup.X25519MlKem768, TlsCipherSuite.Aes256GcmSha384)]
    [InlineData(TlsGroup.X25519MlKem768, TlsCipherSuite.Aes128GcmSha256)]
    [InlineData(TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes256GcmSha384)]
    [InlineData(TlsGroup.SecP256r1MlKem768, TlsCipherSuite.Aes128GcmSha256)]
    public void Both_sides_agree_on_everything_in_one_round_trip(TlsGroup group, TlsCipherSuite suite)
    {
        TlsOptions options = TestIdentities.ClientOptions with { Groups = [group], Suites = [suite] };

        using TlsPair pair = TlsPair.Established(options);

        Assert.Equal((group, group), (pair.Client.Group, pair.Server.Group));
        Assert.Equal((suite, suite), (pair.Client.Suite, pair.Server.Suite));
        Assert.Equal(TestIdentities.Server.Id, pair.Client.PeerId);
        Assert.Equal(TestIdentities.Client.Id, pair.Server.PeerId);
        Assert.Equal("sigma/1", pair.Client.ApplicationProtocol);
        Assert.Equal(pair.Client.HandshakeBytesSent, pair.Server.HandshakeBytesReceived);
        Assert.Equal(pair.Client.HandshakeBytesReceived, pair.Server.HandshakeBytesSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16384)]
    [InlineData(16385)]
    [InlineData(200_000)]
    public void Data_of_any_size_arrives_unchanged_both_ways(int sizeBytes)
    {
        using TlsPair pair = TlsPair.Established();
        byte[] up = new SeededRandom(7).Bytes(sizeBytes);
        byte[] down = new SeededRandom(8).Bytes(sizeBytes);

        pair.Client.Write(up, pair.ToServer);
        pair.Server.Write(down, pair.ToClient);
        pair.Pump();

        Assert.Equal(up, pair.ServerData.WrittenSpan.ToArray());
        Assert.Equal(down, pair.ClientData.WrittenSpan.ToArray());
    }
}
