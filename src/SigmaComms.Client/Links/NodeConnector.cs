using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Links;

/// <summary>Opens a link and makes sure that a node of the right cluster is at its other end.</summary>
internal sealed class NodeConnector(
    ILinkDialer dialer, ClusterProfile profile, TimeProvider time, IRandomSource random)
{
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Connects to one endpoint.</summary>
    /// <param name="endpoint">host:port.</param>
    /// <param name="lane">What the link will carry.</param>
    /// <param name="onPush">Called for each message that is not an answer, one at a time, in order.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="LinkException">No link, or not to a node of this cluster.</exception>
    public async Task<NodeConnection> ConnectAsync(
        string endpoint, Lane lane, Func<LinkMessage, ValueTask> onPush, CancellationToken ct)
    {
        DialedChannel channel = await dialer.DialAsync(endpoint, ct);
        bool isVerified = false;
        var link = new LinkConnection(
            channel.Transport, NodeId.Of(channel.PeerPublicKey.Span), new LinkOptions { Time = time })
        {
            // What a node pushes before it has shown who it is, is not listened to.
            OnMessage = (message, reply) => reply is not null ? AnswerAsync(message, reply)
                : Volatile.Read(ref isVerified) ? onPush(message)
                : ValueTask.CompletedTask,
        };
        try
        {
            link.Start();
            var hello = new Hello(LinkLimits.Protocol, profile.Cluster, LinkKind.Client, lane, 0, default);
            Welcome welcome = await link.RequestAsync<Welcome>(hello, HelloTimeout, ct);
            NodeAdmission admission = Verify(welcome, channel, endpoint);
            link.KeepFresh(Freshness(channel, endpoint));
            Volatile.Write(ref isVerified, true);
            return new NodeConnection(link, admission, endpoint, channel.Handshake);
        }
        catch
        {
            link.Abort("the greeting failed");
            throw;
        }
    }

    /// <summary>A long link gets a new handshake with the same node now and then; the node is judged anew.</summary>
    private LinkFreshness Freshness(DialedChannel channel, string endpoint) => new()
    {
        DialAsync = async ct =>
        {
            DialedChannel next = await dialer.DialAsync(endpoint, ct);
            return (next.Transport, NodeId.Of(next.PeerPublicKey.Span));
        },
        Check = welcome => Verify(welcome, channel, endpoint),
        Random = random,
    };

    private static ValueTask AnswerAsync(LinkMessage request, ReplyTo reply) =>
        request is Ping ? reply.AnswerAsync(new Pong()) : ValueTask.CompletedTask;

    private NodeAdmission Verify(Welcome welcome, DialedChannel channel, string endpoint)
    {
        if (welcome.Cluster != profile.Cluster)
        {
            throw NotOurs($"{endpoint} is of cluster {welcome.Cluster}, not {profile.Cluster}: check the cluster file");
        }

        if (!NodeAdmission.TryDecode(welcome.Admission, out NodeAdmission? admission)
            || !admission!.PublicKey.Span.SequenceEqual(channel.PeerPublicKey.Span))
        {
            throw NotOurs($"{endpoint} showed no admission for the key of its channel");
        }

        AdmissionVerdict verdict = admission.Verify(
            profile.OperatorPublicKey.Span, profile.Cluster, time.GetUtcNow());
        return verdict == AdmissionVerdict.Valid
            ? admission
            : throw NotOurs($"the admission of {endpoint} is not valid: {verdict}");
    }

    private static LinkException NotOurs(string message) => new(LinkFailure.Unexpected, message);
}
