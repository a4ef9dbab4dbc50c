using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using Xunit.Abstractions;

namespace SigmaComms.Cluster.Tests.Sockets;

[Collection(nameof(AloneCollection))]
public sealed class MailboxMemoryTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact(Timeout = 300_000)]
    public async Task Thirty_megabytes_of_waiting_messages_take_a_tenth_of_that_in_memory()
    {
        const int Messages = 500;
        SynchronizationContext.SetSynchronizationContext(null);
        await using var cluster = new RealCluster(2);
        await cluster.StartAsync(0);
        await cluster.StartAsync(1);
        await cluster.UpAsync();

        await using LinkConnection alpha = await cluster.ConnectAsync(0, 2_001, (_, _, _) => ValueTask.CompletedTask);
        await alpha.RequestAsync<Done>(new PublishAccount(SimClient.Account.Encoded), Patience, default);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Messages; i++)
        {
            await alpha.RequestAsync<Done>(
                new Deposit(SimCluster.IdentityOf(2_002).Id, SimClient.Id(i), new byte[60_000]), Patience, default);
        }

        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        long held = cluster.Nodes.Sum(node => node.Health().MailboxBytes);

        output.WriteLine($"{held} bytes held on two nodes, memory grew by {growth}");
        Assert.True(held > 2L * Messages * 60_000);
        Assert.InRange(growth, long.MinValue, held / 20);
    }
}
