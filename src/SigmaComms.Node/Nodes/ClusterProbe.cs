using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;
using SigmaComms.Transport.Channels;
using SigmaComms.Transport.Links;

namespace SigmaComms.Node.Nodes;

/// <summary>Asks single nodes for their view of the cluster, under a key that is made for the question.</summary>
internal sealed class ClusterProbe : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly ClusterFile _cluster;
    private readonly TimeProvider _time;
    private readonly TlsIdentity _identity;
    private readonly SecureDialer _dialer;

    /// <summary>Prepares to ask nodes of one cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="time">The clock.</param>
    public ClusterProbe(ClusterFile cluster, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
        Span<byte> seed = stackalloc byte[MlDsa65.SeedSize];
        SystemRandom.Instance.Fill(seed);
        DateTimeOffset now = time.GetUtcNow();
        _identity = TlsIdentity.Create(
            new MlDsa65SigningKey(seed), "sigma", now.AddHours(-1), now.AddHours(1), SystemRandom.Instance);
        seed.Clear();
        _dialer = new SecureDialer(new SecureChannelOptions { Identity = _identity, Time = time }, NullLogger.Instance);
    }

    /// <summary>What a node answers; the node's admission is verified.</summary>
    /// <exception cref="CommandException">It does not answer, or is no node of this cluster.</exception>
    public async Task<ClusterStatus> AskAsync(NodeEndpoint endpoint, CancellationToken stop)
    {
        try
        {
            SecureConnection connection = await _dialer.DialAsync(AddressOf(endpoint), stop);
            LinkConnection link = new(connection, connection.PeerId, new LinkOptions { Time = _time });
            await using (link)
            {
                link.Start();
                Hello hello = new(LinkLimits.Protocol, _cluster.Cluster, LinkKind.Client, Lane.Control, 0, default);
                Welcome welcome = await link.RequestAsync<Welcome>(hello, AnswerTimeout, stop);
                Verify(endpoint, connection, welcome);
                return await link.RequestAsync<ClusterStatus>(new GetClusterStatus(), AnswerTimeout, stop);
            }
        }
        catch (ChannelException fault)
        {
            throw Unreachable(endpoint,
                fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message, fault);
        }
        catch (LinkException fault) when (fault.Refusal is { Reason: RefusalReason.WrongCluster })
        {
            throw new CommandException(
                ExitCode.VerificationFailed,
                $"cannot use {endpoint}",
                "it is a node of another cluster",
                "check the cluster file and the endpoint",
                fault);
        }
        catch (LinkException fault)
        {
            throw Unreachable(endpoint, fault.Message, fault);
        }
    }

    /// <summary>The answer of the first node that gives one.</summary>
    /// <exception cref="CommandException">None does.</exception>
    public async Task<ClusterStatus> AskAnyAsync(CancellationToken stop)
    {
        List<CommandException> faults = [];
        foreach (ClusterFileNode node in _cluster.Nodes)
        {
            try
            {
                return await AskAsync(node.Endpoint, stop);
            }
            catch (CommandException fault)
            {
                faults.Add(fault);
            }
        }

        // One that is not of this cluster says more than many that are silent.
        throw faults.Find(static fault => fault.ExitCode != ExitCode.Unavailable) ?? new CommandException(
            ExitCode.Unavailable,
            $"no node of {_cluster.Name} answers",
            string.Join("\n      ", faults.Select(static fault => $"{fault.What}: {fault.Why}")),
            "start them where they are: sigma cluster up, or sigma node run NAME");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dialer.Dispose();
        _identity.Dispose();
    }

    private static CommandException Unreachable(NodeEndpoint endpoint, string why, Exception cause) => new(
        ExitCode.Unavailable,
        $"no answer from {endpoint}",
        why,
        "check that the node runs: sigma cluster status, sigma node status",
        cause);

    private static EndPoint AddressOf(NodeEndpoint endpoint) =>
        IPAddress.TryParse(endpoint.Host, out IPAddress? address)
        ? new IPEndPoint(address, endpoint.Port)
        : new DnsEndPoint(endpoint.Host, endpoint.Port);

    private void Verify(NodeEndpoint endpoint, SecureConnection connection, Welcome welcome)
    {
        bool decoded = NodeAdmission.TryDecode(welcome.Admission, out NodeAdmission? admission);
        if (!decoded || admission!.Node != connection.PeerId
            || admission.Verify(_cluster.OperatorPublicKey.Span, _cluster.Cluster, _time.GetUtcNow())
                != AdmissionVerdict.Valid)
        {
            throw new CommandException(
                ExitCode.VerificationFailed,
                $"will not use {endpoint}",
                "it shows no admission that this cluster's operator signed for its key",
                "check the endpoint; somebody else may answer there");
        }
    }
}
