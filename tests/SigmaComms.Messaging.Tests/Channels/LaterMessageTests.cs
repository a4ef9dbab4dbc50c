using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Records;

namespace SigmaComms.Messaging.Tests.Channels;

/// <summary>What may and may not come after the handshake, from a peer that holds the keys.</summary>
public sealed class LaterMessageTests
{
    [Theory]
    [InlineData(TlsAlert.IllegalParameter, 22, new byte[] { 24, 0, 0, 1, 2 })]
    [InlineData(TlsAlert.DecodeError, 22, new byte[] { 24, 0, 0, 2, 0, 0 })]
    [InlineData(TlsAlert.DecodeError, 22, new byte[] { 24, 0, 0, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { 24, 0, 0, 1, 0, 24 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { 1, 0, 0, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { 13, 0, 0, 1, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { 20, 0, 0, 1, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { 4, 0, 0, 1, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 22, new byte[] { })]
    [InlineData(TlsAlert.UnexpectedMessage, 21, new byte[] { })]
    [InlineData(TlsAlert.DecodeError, 21, new byte[] { 1 })]
    [InlineData(TlsAlert.DecodeError, 21, new byte[] { 1, 0, 0 })]
    [InlineData(TlsAlert.UnexpectedMessage, 20, new byte[] { 1 })]
    [InlineData(TlsAlert.UnexpectedMessage, 99, new byte[] { 1 })]
    [InlineData(TlsAlert.UnexpectedMessage, 0, new byte[] { 0, 0, 0 })]
    public void A_wrong_record_gets_the_right_alert(TlsAlert alert, int type, byte[] content)
    {
        using TlsPair pair = TlsPair.Established();
        pair.Client.Records.Write((ContentType)type, content, pair.ToServer);

        TlsStatus status = pair.DeliverToServer(TlsPair.Take(pair.ToServer));
        pair.Pump();

        Assert.Equal((TlsStatus.Failed, alert), (status, pair.Server.SentAlert));
        Assert.Equal((TlsState.Failed, alert), (pair.Client.State, pair.Client.ReceivedAlert));
        Assert.Equal(0, pair.ServerData.WrittenCount);
    }

    [Fact]
    public void A_ticket_is_dropped_by_a_client()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Server.Records.Write(ContentType.Handshake, [4, 0, 0, 3, 1, 2, 3], pair.ToClient);
        pair.Server.Write("data"u8, pair.ToClient);

        pair.Pump();

        Assert.Equal("data"u8.ToArray(), pair.ClientData.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_change_cipher_spec_in_plain_is_refused_after_the_handshake()
    {
        using TlsPair pair = TlsPair.Established();

        pair.DeliverToServer([20, 3, 3, 0, 1, 1]);

        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.SentAlert);
    }

    [Fact]
    public void An_alert_in_plain_does_not_end_an_established_connection_quietly()
    {
        using TlsPair pair = TlsPair.Established();

        pair.DeliverToServer([21, 3, 3, 0, 2, 1, 0]);

        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.SentAlert);
        Assert.Null(pair.Server.ReceivedAlert);
    }

    [Fact]
    public void Padding_is_accepted_and_removed()
    {
        using TlsPair pair = TlsPair.Established();

        // Content, its type, zeros; the writer adds its own type byte, here one more zero.
        pair.Client.Records.Write(0, [.. "padded"u8, 23, 0, 0, 0, 0], pair.ToServer);
        pair.Pump();

        Assert.Equal("padded"u8.ToArray(), pair.ServerData.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_handshake_message_may_be_cut_into_records_but_nothing_may_come_between()
    {
        using TlsPair cut = TlsPair.Established();
        cut.Client.Records.Write(ContentType.Handshake, [24, 0], cut.ToServer);
        cut.Client.Records.Write(ContentType.Handshake, [0, 1, 0], cut.ToServer);
        using TlsPair mixed = TlsPair.Established();
        mixed.Client.Records.Write(ContentType.Handshake, [24, 0], mixed.ToServer);
        mixed.Client.Write("data"u8, mixed.ToServer);

        TlsStatus whole = cut.DeliverToServer(TlsPair.Take(cut.ToServer));
        TlsStatus broken = mixed.DeliverToServer(TlsPair.Take(mixed.ToServer));

        Assert.Equal(TlsStatus.Open, whole);
        Assert.Equal((TlsStatus.Failed, TlsAlert.UnexpectedMessage), (broken, mixed.Server.SentAlert));
        Assert.Equal(0, mixed.ServerData.WrittenCount);
    }

    [Theory]
    [InlineData(23, new byte[] { })]
    [InlineData(21, new byte[] { 1, 90 })]
    public void A_peer_that_sends_records_without_data_is_cut_off_at_the_limit(int type, byte[] content)
    {
        using TlsPair pair = TlsPair.Established();
        for (int i = 0; i < RecordLimits.IdleRecordsMax; i++)
        {
            pair.Client.Records.Write((ContentType)type, content, pair.ToServer);
        }

        TlsStatus below = pair.DeliverToServer(TlsPair.Take(pair.ToServer));
        pair.Client.Records.Write((ContentType)type, content, pair.ToServer);
        TlsStatus above = pair.DeliverToServer(TlsPair.Take(pair.ToServer));

        Assert.Equal((TlsStatus.Open, TlsStatus.Failed), (below, above));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.SentAlert);
    }

    [Fact]
    public void A_peer_that_only_renews_keys_is_cut_off_at_the_limit()
    {
        using TlsPair pair = TlsPair.Established();
        for (int i = 0; i <= RecordLimits.IdleRecordsMax; i++)
        {
            Assert.Equal(TlsState.Established, pair.Server.State);
            pair.Client.UpdateKeys(requestPeer: true, pair.ToServer);
            pair.DeliverToServer(TlsPair.Take(pair.ToServer));
        }

        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Server.SentAlert);
    }

    [Fact]
    public void A_peer_that_sends_messages_in_small_pieces_is_cut_off_at_the_limit()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Server.Records.Write(ContentType.Handshake, [4, 0, 1, 0], pair.ToClient);
        for (int i = 1; i < RecordLimits.IdleRecordsMax; i++)
        {
            pair.Server.Records.Write(ContentType.Handshake, [0], pair.ToClient);
        }

        TlsStatus below = pair.DeliverToClient(TlsPair.Take(pair.ToClient));
        pair.Server.Records.Write(ContentType.Handshake, [0], pair.ToClient);
        TlsStatus above = pair.DeliverToClient(TlsPair.Take(pair.ToClient));

        Assert.Equal((TlsStatus.Open, TlsStatus.Failed), (below, above));
        Assert.Equal(TlsAlert.UnexpectedMessage, pair.Client.SentAlert);
    }

    [Fact]
    public void Any_alert_but_a_farewell_is_fatal_whatever_level_it_claims()
    {
        using TlsPair pair = TlsPair.Established();
        pair.Client.Records.Write(ContentType.Alert, [1, (byte)TlsAlert.InternalError], pair.ToServer);

        TlsStatus status = pair.DeliverToServer(TlsPair.Take(pair.ToServer));

        Assert.Equal((TlsStatus.Failed, TlsAlert.InternalError), (status, pair.Server.ReceivedAlert));
        Assert.Null(pair.Server.SentAlert);
        Assert.Equal(0, pair.ToClient.WrittenCount);
    }
}
