using SigmaComms.Client;

namespace SigmaComms.Node.Agents;

/// <summary>Spreads what the client reports to all connections of the agent.</summary>
internal sealed class AgentNews
{
    /// <summary>Raised on a thread of the client; return quickly.</summary>
    public event Action<ClientEvent>? Told;

    /// <summary>What the client calls.</summary>
    public void Tell(ClientEvent change) => Told?.Invoke(change);
}
