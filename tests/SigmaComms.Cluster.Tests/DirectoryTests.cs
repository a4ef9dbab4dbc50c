using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Tests;

public sealed class DirectoryTests
{
    [Fact]
    public void A_published_account_is_found_by_name_and_id_on_every_node()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient client = ClientAt(cluster, 1, 0);
        AccountRecord record = Account("alpha", 3_001, 1, client);

        LinkMessage published = client.Request(new PublishAccount(record.Encoded));

        Assert.IsType<Done>(published);
        for (int i = 0; i < 4; i++)
        {
            SimClient reader = ClientAt(cluster, 10 + i, i);
            Assert.Equal(record, Decode(reader.Request(new FetchAccount("alpha", null))));
            Assert.Equal(record, Decode(reader.Request(new FetchAccount(null, record.AccountId))));
        }
    }

    [Fact]
    public void An_unknown_account_is_not_found_and_an_unclear_question_is_malformed()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = ClientAt(cluster, 1, 0);

        LinkMessage unknown = client.Request(new FetchAccount("nobody", null));
        LinkMessage unclear = client.Request(new FetchAccount(null, null));

        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(unknown).Reason);
        Assert.Equal(RefusalReason.Malformed, Assert.IsType<Refused>(unclear).Reason);
    }

    [Fact]
    public void A_name_stays_with_the_first_key()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient first = ClientAt(cluster, 1, 0);
        SimClient second = ClientAt(cluster, 2, 3);
        first.Request(new PublishAccount(Account("alpha", 3_001, 1, first).Encoded));

        LinkMessage answer = second.Request(new PublishAccount(Account("alpha", 3_002, 1, second).Encoded));

        Assert.Equal(RefusalReason.NameTaken, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_later_version_replaces_an_earlier_one_and_not_the_other_way_round()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = ClientAt(cluster, 1, 0);
        AccountRecord second = Account("alpha", 3_001, 2, client);
        client.Request(new PublishAccount(Account("alpha", 3_001, 1, client).Encoded));

        LinkMessage raised = client.Request(new PublishAccount(second.Encoded));
        LinkMessage again = client.Request(new PublishAccount(second.Encoded));
        LinkMessage lowered = client.Request(new PublishAccount(Account("alpha", 3_001, 1, client).Encoded));

        Assert.IsType<Done>(raised);
        Assert.IsType<Done>(again);
        Assert.Equal(RefusalReason.StaleVersion, Assert.IsType<Refused>(lowered).Reason);
        Assert.Equal(second, Decode(client.Request(new FetchAccount("alpha", null))));
    }

    [Fact]
    public void Two_keys_that_race_for_one_name_never_both_win()
    {
        for (int round = 0; round < 10; round++)
        {
            using SimCluster cluster = SimCluster.OfUpNodes(4);
            SimClient first = ClientAt(cluster, 1, round % 4);
            SimClient second = ClientAt(cluster, 2, (round + 1 + (round / 4)) % 4);
            string name = $"name-{round}";
            AccountRecord one = Account(name, 3_001, 1, first);
            AccountRecord two = Account(name, 3_002, 1, second);

            Task<LinkMessage> a = cluster.Start(() => first.RequestAsync(new PublishAccount(one.Encoded)));
            Task<LinkMessage> b = cluster.Start(() => second.RequestAsync(new PublishAccount(two.Encoded)));
            LinkMessage[] answers = [cluster.Await(a), cluster.Await(b)];

            Assert.Single(answers, answer => answer is Done);
            AccountRecord expected = answers[0] is Done ? one : two;
            Assert.Equal(expected, Decode(first.Request(new FetchAccount(name, null))));
            Assert.Equal(expected, Decode(second.Request(new FetchAccount(name, null))));
        }
    }

    [Fact]
    public void In_a_partition_only_the_majority_binds_a_name_and_the_minority_learns_it()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimNode minority = cluster.Nodes[0];
        cluster.Nodes.Skip(1).ToList().ForEach(node => cluster.Network.Cut(minority.Id, node.Id));
        cluster.Until(() => minority.Node.Health().MembersUp == 1);
        SimClient lonely = ClientAt(cluster, 1, 0);
        SimClient other = ClientAt(cluster, 2, 1);
        AccountRecord record = Account("alpha", 3_002, 1, other);

        LinkMessage refused = lonely.Request(new PublishAccount(Account("alpha", 3_001, 1, lonely).Encoded));
        LinkMessage done = other.Request(new PublishAccount(record.Encoded));
        cluster.Network.MendAll();
        cluster.Until(cluster.AllUp);
        cluster.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(refused).Reason);
        Assert.IsType<Done>(done);
        Assert.Equal(record, Decode(lonely.Request(new FetchAccount("alpha", null))));
    }

    [Fact]
    public void A_late_joiner_learns_what_was_published_before()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = ClientAt(cluster, 1, 0);
        AccountRecord record = Account("alpha", 3_001, 1, client);
        client.Request(new PublishAccount(record.Encoded));
        client.Request(new PublishPrekeys(client.Device, Bundles.Of(cluster, client, null), []));

        SimNode late = cluster.AddNode(4);
        cluster.Await(late.Start(cluster.Log));
        cluster.Until(cluster.AllUp);
        cluster.Advance(TimeSpan.FromSeconds(2));
        cluster.Nodes.Take(3).ToList().ForEach(node => node.Kill());
        SimClient reader = ClientAt(cluster, 2, 3);

        Assert.Equal(record, Decode(reader.Request(new FetchAccount("alpha", null))));
        Assert.IsType<BundleFound>(reader.Request(new FetchBundle(client.Device)));
    }

    [Fact]
    public void Accounts_and_prekeys_survive_a_restart_of_all_nodes()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = ClientAt(cluster, 1, 0);
        AccountRecord record = Account("alpha", 3_001, 1, client);
        client.Request(new PublishAccount(record.Encoded));
        client.Request(new PublishPrekeys(
            client.Device,
            Bundles.Of(cluster, client, null),
            [Bundles.Of(cluster, client, 1), Bundles.Of(cluster, client, 2)]));

        cluster.Nodes.ForEach(node => node.Kill());
        cluster.StartAll();
        SimClient reader = ClientAt(cluster, 2, 1);

        Assert.Equal(record, Decode(reader.Request(new FetchAccount("alpha", null))));
        client.Connect(cluster.Nodes[0]);
        Assert.Equal(2u, Assert.IsType<PrekeysStored>(client.Request(new CountPrekeys(client.Device))).Remaining);
    }

    [Fact]
    public void Each_one_time_prekey_is_handed_out_once_then_the_last_resort()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient owner = ClientAt(cluster, 1, 0);
        ReadOnlyMemory<byte> lastResort = Bundles.Of(cluster, owner, null);
        LinkMessage stored = owner.Request(new PublishPrekeys(
            owner.Device, lastResort, [.. Enumerable.Range(1, 8).Select(i => Bundles.Of(cluster, owner, (uint)i))]));
        SimClient[] askers = [.. Enumerable.Range(0, 4).Select(i => ClientAt(cluster, 10 + i, i))];

        Task<LinkMessage>[] fetches = [.. Enumerable.Range(0, 12).Select(i => cluster.Start(() =>
            askers[i % 4].RequestAsync(new FetchBundle(owner.Device))))];
        byte[][] bundles = [.. fetches.Select(fetch =>
            Assert.IsType<BundleFound>(cluster.Await(fetch)).Bundle.ToArray())];

        Assert.Equal(8u, Assert.IsType<PrekeysStored>(stored).Remaining);
        string[] oneTime = [.. bundles
            .Where(bundle => !bundle.AsSpan().SequenceEqual(lastResort.Span))
            .Select(Convert.ToHexString)];
        Assert.Equal(8, oneTime.Length);
        Assert.Equal(8, oneTime.Distinct().Count());
        Assert.Equal(0u, Assert.IsType<PrekeysStored>(owner.Request(new CountPrekeys(owner.Device))).Remaining);
    }

    [Fact]
    public void A_device_that_has_published_no_prekeys_yet_has_none_to_be_found()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient owner = ClientAt(cluster, 1, 0);
        SimClient asker = ClientAt(cluster, 2, 1);
        owner.Request(new PublishAccount(Account("alpha", 3_001, 1, owner).Encoded));

        LinkMessage answer = asker.Request(new FetchBundle(owner.Device));

        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Refused>(answer).Reason);
    }

    [Fact]
    public void A_partition_hands_no_prekey_out_twice()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient owner = ClientAt(cluster, 1, 0);
        owner.Request(new PublishPrekeys(
            owner.Device,
            Bundles.Of(cluster, owner, null),
            [.. Enumerable.Range(1, 6).Select(i => Bundles.Of(cluster, owner, (uint)i))]));
        foreach (SimNode left in cluster.Nodes.Take(2))
        {
            cluster.Nodes.Skip(2).ToList().ForEach(right => cluster.Network.Cut(left.Id, right.Id));
        }

        cluster.Until(() => cluster.Nodes.All(node => node.Node.Health().MembersUp == 2));
        SimClient[] askers = [ClientAt(cluster, 10, 0), ClientAt(cluster, 11, 3)];
        uint[] ids = [.. Enumerable.Range(0, 16)
            .Select(i => askers[i % 2].Request(new FetchBundle(owner.Device)))
            .OfType<BundleFound>()
            .Select(found => PrekeyBundle.TryDecode(found.Bundle.Span, out PrekeyBundle? b) ? b.OneTimePrekeyId : null)
            .OfType<uint>()];

        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(6, ids.Length);
    }

    [Fact]
    public void A_prekey_bundle_of_another_device_or_with_a_bad_signature_is_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient owner = ClientAt(cluster, 1, 0);
        SimClient thief = ClientAt(cluster, 2, 0);

        LinkMessage answer = thief.Request(new PublishPrekeys(thief.Device, Bundles.Of(cluster, owner, null), []));
        LinkMessage account = owner.Request(new PublishAccount(new byte[] { 1, 2, 3 }));

        Assert.Equal(RefusalReason.BadSignature, Assert.IsType<Refused>(answer).Reason);
        Assert.Equal(RefusalReason.BadSignature, Assert.IsType<Refused>(account).Reason);
    }

    [Fact]
    public void With_one_node_up_of_four_a_last_resort_bundle_is_told_to_wait_and_the_link_stays()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(4);
        SimClient owner = ClientAt(cluster, 1, 0);
        cluster.Nodes.Skip(1).ToList().ForEach(node => node.Kill());
        cluster.Until(() => cluster.Nodes[0].Node.Health().MembersUp == 1);

        LinkMessage answer = owner.Request(new PublishPrekeys(owner.Device, Bundles.Of(cluster, owner, null), []));

        Assert.Equal(RefusalReason.Unavailable, Assert.IsType<Refused>(answer).Reason);
        Assert.True(owner.IsConnected);
    }

    [Fact]
    public void Prekeys_that_ended_leave_the_disk()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2);
        SimClient owner = ClientAt(cluster, 1, 0);
        owner.Request(new PublishPrekeys(
            owner.Device,
            default,
            [.. Enumerable.Range(1, 4).Select(i =>
                Bundles.Of(cluster, owner, (uint)i, cluster.Now.AddMinutes(i < 4 ? 10 : 600)))]));
        int before = cluster.Nodes.Sum(node => node.EventsStored($"prekeys/{owner.Device}"));

        cluster.Advance(TimeSpan.FromMinutes(62));

        Assert.Equal(4, before);
        Assert.Equal(1, cluster.Nodes.Sum(node => node.EventsStored($"prekeys/{owner.Device}")));
    }

    [Fact]
    public void More_prekeys_or_accounts_than_a_node_may_keep_are_refused()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(2, options =>
        {
            options.AccountsMax = 2;
            options.PrekeysTotalMax = 2;
        });
        SimClient owner = ClientAt(cluster, 1, 0);

        LinkMessage second = owner.Request(new PublishAccount(Account("alpha", 3_001, 1, owner).Encoded));
        LinkMessage third = owner.Request(new PublishAccount(Account("beta", 3_002, 1, owner).Encoded));
        LinkMessage update = owner.Request(new PublishAccount(Account("alpha", 3_001, 2, owner).Encoded));
        LinkMessage prekeys = owner.Request(new PublishPrekeys(
            owner.Device, default, [.. Enumerable.Range(1, 6).Select(i => Bundles.Of(cluster, owner, (uint)i))]));

        Assert.IsType<Done>(second);
        Assert.IsType<Refused>(third);
        Assert.IsType<Done>(update);
        Assert.Equal(RefusalReason.StorageFailed, Assert.IsType<Refused>(prekeys).Reason);
    }

    private static SimClient ClientAt(SimCluster cluster, int number, int node)
    {
        var client = new SimClient(cluster, number);
        Assert.IsType<Welcome>(client.Connect(cluster.Nodes[node]));
        return client;
    }

    private static AccountRecord Account(string name, int key, uint version, SimClient device) => AccountRecord.Create(
        name,
        SimCluster.IdentityOf(key).Key,
        version,
        [new DeviceEntry(device.Identity.PublicKey.Span, new byte[32])],
        new SeededRandom(key));

    private static AccountRecord Decode(LinkMessage answer)
    {
        Assert.True(AccountRecord.TryDecode(
            Assert.IsType<AccountFound>(answer).Record.Span, out AccountRecord? record));
        return record;
    }
}
