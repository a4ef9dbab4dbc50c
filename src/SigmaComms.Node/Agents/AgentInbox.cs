using System.Runtime.CompilerServices;
using SigmaComms.Client;

namespace SigmaComms.Node.Agents;

/// <summary>Gives what came in to one listener at a time, and keeps what a listener left before it was marked.</summary>
internal sealed class AgentInbox
{
    private readonly MessagingClient _client;
    private InboundItem? _left;
    private int _taken;

    /// <summary>Serves one client.</summary>
    public AgentInbox(MessagingClient client) => _client = client;

    /// <summary>Takes the place of the listener.</summary>
    /// <returns>False if another has it.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref _taken, 1, 0) == 0;

    /// <summary>Gives the place free.</summary>
    public void GiveBack() => Volatile.Write(ref _taken, 0);

    /// <summary>Hands items over, one at a time; an item is marked once the consumer asks for the next.</summary>
    /// <param name="stop">Ends the listening.</param>
    public async IAsyncEnumerable<InboundItem> ItemsAsync([EnumeratorCancellation] CancellationToken stop)
    {
        if (_left is { } first)
        {
            yield return first;
            await MarkAsync(first);
        }

        await foreach (InboundItem item in _client.ReceiveAsync(stop))
        {
            _left = item;
            yield return item;
            await MarkAsync(item);
        }
    }

    private async Task MarkAsync(InboundItem item)
    {
        await _client.MarkDeliveredAsync(item);
        _left = null;
    }
}
