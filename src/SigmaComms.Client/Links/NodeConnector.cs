using System.Collections.Concurrent;
using SigmaComms.Client.Transparency;
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

    private readonly ConcurrentDictionary<NodeId, string> _turnedOut = [];

    /// <summary>Has nodes prove that they are members; null in a cluster without a control log.</summary>
    public LogWitness? Witness { get; set; }

    /// <summary>The control log has shown that a node does not belong to the cluster: it is used no more.</summary>
    public void TurnOut(NodeId node, string why) => _turnedOut[node] = why;

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
            (NodeAdmission admission, bool isOwnWord) = Verify(welcome, channel, endpoint);
            if (isOwnWord)
            {
                await ProveMemberAsync(link, admission, endpoint, ct);
            }

            link.KeepFresh(Freshness(channel, endpoint, isOwnWord));
            Volatile.Write(ref isVerified, true);
            return new NodeConnection(link, admission, endpoint, channel.Handshake) { IsByLog = isOwnWord };
        }
        catch
        {
            link.Abort("the greeting failed");
            throw;
        }
    }

    /// <summary>
    /// A long link gets a new handshake with the same node now and then; the node is judged anew. Who is a member by
    /// the log alone was proven to be one when the link began.
    /// </summary>
    private LinkFreshness Freshness(DialedChannel channel, string endpoint, bool isProvenMember) => new()
    {
        DialAsync = async ct =>
        {
            DialedChannel next = await dialer.DialAsync(endpoint, ct);
            return (next.Transport, NodeId.Of(next.PeerPublicKey.Span));
        },
        Check = welcome =>
        {
            if (Verify(welcome, channel, endpoint).IsOwnWord && !isProvenMember)
            {
                throw NotOurs($"{endpoint} shows no operator's admission any more");
            }
        },
        Random = random,
    };

    private static ValueTask AnswerAsync(LinkMessage request, ReplyTo reply) =>
        request is Ping ? reply.AnswerAsync(new Pong()) : ValueTask.CompletedTask;

    /// <summary>The operator's word counts; where there is a control log, the node's own too, once proven.</summary>
    private (NodeAdmission Admission, bool IsOwnWord) Verify(Welcome welcome, DialedChannel channel, string endpoint)
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

        if (_turnedOut.TryGetValue(admission.Node, out string? why))
        {
            throw NotOurs($"{endpoint} does not belong to the cluster: {why}");
        }

        AdmissionVerdict verdict = admission.Verify(
            profile.OperatorPublicKey.Span, profile.Cluster, time.GetUtcNow());
        bool isOwnWord = verdict != AdmissionVerdict.Valid && Witness is not null
            && admission.Verify(admission.PublicKey.Span, profile.Cluster, time.GetUtcNow()) == AdmissionVerdict.Valid;
        return verdict == AdmissionVerdict.Valid || isOwnWord
            ? (admission, isOwnWord)
            : throw NotOurs($"the admission of {endpoint} is not valid: {verdict}");
    }

    private async Task ProveMemberAsync(
        LinkConnection link, NodeAdmission admission, string endpoint, CancellationToken ct)
    {
        ProofFinding finding = await Witness!.AskAsync(link, admission.Name, null, admission.Node, ct);
        if (!finding.IsProven)
        {
            throw NotOurs(
                $"{endpoint} shows no operator's admission and does not prove its membership: {finding.Detail}");
        }

        if (finding.Objection is { } objection)
        {
            throw NotOurs($"{endpoint} does not belong to the cluster: {objection}");
        }
    }

    private static LinkException NotOurs(string message) => new(LinkFailure.Unexpected, message);
}
