using SigmaComms.Cluster.Mailboxes;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.EventSourcing;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Cluster.Tests;

public sealed class MailboxFenceTests
{
    [Fact]
    public async Task An_older_writer_of_a_mailbox_writes_nothing_after_a_newer_one_began()
    {
        var store = new InMemoryStore(TimeProvider.System);
        NodeId device = SimCluster.IdentityOf(1).Id;
        MailboxJournal old = await OpenAsync(store, device);
        await old.AppendAsync([Event(1)], default);
        MailboxJournal young = await OpenAsync(store, device);
        await young.AppendAsync([Event(2)], default);

        PersistFailedException fenced =
            await Assert.ThrowsAsync<PersistFailedException>(() => old.AppendAsync([Event(3)], default));
        await young.AppendAsync([Event(4)], default);

        Assert.Equal(AppendStatus.Fenced, fenced.Status);
        var state = new MailboxState();
        await MailboxJournal.OpenAsync(store, store, device, state, default);
        Assert.Equal([1, 2, 4], state.Entries.Select(entry => (int)entry.Id.ToArray()[15]).Order());
    }

    private static async Task<MailboxJournal> OpenAsync(InMemoryStore store, NodeId device) =>
        await MailboxJournal.OpenAsync(store, store, device, new MailboxState(), default);

    private static NewEvent Event(byte number)
    {
        byte[] id = new byte[16];
        id[15] = number;
        return MailboxEvents.ForStored(new HeldMessage(default, new Digest16(id), 1UL << 60, new byte[] { 1 }));
    }
}
