using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Vaults.Ordering;

/// <summary>The nodes of a cluster, as somebody asks them who believes none of them alone.</summary>
internal interface ILogNodes
{
    /// <summary>Asks one node, the one that answered last if it may be.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="mayAsk">Which nodes may be asked.</param>
    /// <param name="patience">How long the answer may take.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Who was asked and what it answered; null if there is nobody else who could be asked.</returns>
    Task<AskedNode?> AskAsync(
        LinkMessage request, Func<NodeId, bool> mayAsk, TimeSpan patience, CancellationToken ct);

    /// <summary>Asks a node only when nobody else can be asked, from now on.</summary>
    /// <param name="node">One that said what cannot be.</param>
    void Distrust(NodeId node);
}
