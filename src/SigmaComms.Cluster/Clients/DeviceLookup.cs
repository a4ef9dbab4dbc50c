using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>
/// Finds out whether a device exists before anything is kept for it. That it does not is said only when every admitted
/// node said so; as long as one of them cannot be asked, the answer is to try again. Safe to use from any thread.
/// </summary>
internal sealed class DeviceLookup(NodeContext node, NodeRouter router)
{
    private const int LookupsMax = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Task<Refused?>> _running = [];

    /// <summary>What speaks against keeping something for the device; null if it exists.</summary>
    /// <param name="device">The device.</param>
    public ValueTask<Refused?> ObjectionAsync(NodeId device) => node.Devices.Contains(device)
        ? ValueTask.FromResult<Refused?>(null)
        : new ValueTask<Refused?>(JoinAsync(device));

    private async Task<Refused?> JoinAsync(NodeId device)
    {
        TaskCompletionSource<Refused?>? mine = null;
        Task<Refused?>? running;
        lock (_gate)
        {
            if (!_running.TryGetValue(device, out running) && _running.Count < LookupsMax)
            {
                mine = new TaskCompletionSource<Refused?>(TaskCreationOptions.RunContinuationsAsynchronously);
                _running.Add(device, mine.Task);
            }
        }

        if (mine is null)
        {
            return running is not null
                ? await running
                : new Refused(RefusalReason.Overloaded, "too many unknown devices are being looked up; try again");
        }

        Refused? objection = new(RefusalReason.Unavailable, "the look-up of the device failed; try again");
        try
        {
            objection = await AskEverybodyAsync(device);
            return objection;
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(device);
            }

            mine.SetResult(objection);
        }
    }

    private async Task<Refused?> AskEverybodyAsync(NodeId device)
    {
        ClusterView view = node.View;
        int denials = 0;

        // Goes on in the turn of the answer that decides: a simulation's time does not wait for another thread.
        var found = new TaskCompletionSource();
        await Task.WhenAny(found.Task, Task.WhenAll(view.Belonging.Select(AskAsync)));
        if (found.Task.IsCompleted)
        {
            node.Devices.Add(device);
            return null;
        }

        // A seed that is no member yet, and a node that joined meanwhile, may know what nobody here knows.
        bool everybody = denials == view.Count
            && view.Count == node.View.Count
            && node.Options.Seeds.All(seed => view.Members.ContainsKey(seed.Id));
        return everybody
            ? new Refused(
                RefusalReason.UnknownDevice,
                $"no node knows the device {device.Short}; ask the recipient to publish its keys")
            : new Refused(
                RefusalReason.Unavailable,
                $"the device {device.Short} is not known here, and not every node could be asked; try again");

        async Task AskAsync(NodeId member)
        {
            switch (await router.AskAsync(member, new FindDevice(device)))
            {
                case Done:
                    found.TrySetResult();
                    break;
                case Refused { Reason: RefusalReason.UnknownDevice }:
                    Interlocked.Increment(ref denials);
                    break;
            }
        }
    }
}
