using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Tests.Control.Hosting;
using SigmaComms.Cluster.Tests.Simulation;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.Transparency;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Cluster.Tests.Control.Vaults;

/// <summary>Clients order commands to vaults and read their streams, through nodes that vote.</summary>
public sealed class VaultDoorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Two_clients_commit_at_once_and_each_file_counts_once_though_answers_are_lost_and_a_node_is_killed()
    {
        using var cluster = ControlCluster.Of(4);
        SimVault vault = new(cluster);
        (ControlCommandLog second, SimLogNodes secondNodes) = vault.Open(2);
        Assert.Equal(
            LogStatus.Done, vault.Run(() => vault.Directory.AddWriterAsync(vault.Id, second.Writer, default)));
        VaultSession alpha = vault.Session(vault.Prove(vault.Owner, vault.OwnerNodes), 11);
        VaultSession beta = vault.Session(vault.Prove(second, secondNodes), 12);
        Assert.Equal(CommitStatus.Committed, cluster.Cluster.Run(() => vault.PublishAsync(alpha)).Status);
        Random chance = new(13);
        vault.OwnerNodes.Loses = answer => answer is CommandsOrdered && chance.Next(4) == 0;
        secondNodes.Loses = vault.OwnerNodes.Loses;

        Task<CommitStatus[]> first = cluster.Cluster.Start(() => MakeManyAsync(alpha, "alpha", () => { }));
        Task<CommitStatus[]> other = cluster.Cluster.Start(() => MakeManyAsync(beta, "beta", cluster.Nodes[0].Kill));
        CommitStatus[] made =
            [.. cluster.Cluster.Await(first, seconds: 600), .. cluster.Cluster.Await(other, seconds: 600)];
        cluster.Until(cluster.Agree);
        vault.Run(() => alpha.SyncAsync(default));
        vault.Run(() => beta.SyncAsync(default));

        VaultStream stream = StateOf(cluster.Nodes[1]).Find(vault.Id)!;
        Assert.All(made, status => Assert.Equal(CommitStatus.Committed, status));
        Assert.All([alpha, beta], session => Assert.Equal(
            new LogPosition(stream.Count, stream.Head), session.Position));
        Assert.Equal(1UL + (ulong)made.Length, stream.Count);
        Assert.All([alpha, beta], session => Assert.Equal(
            made.Length, session.State.List(NamespaceLimits.Root).Count()));
    }

    [Fact]
    public void A_device_of_an_account_is_vouched_for_once_and_one_that_nobody_knows_is_refused_with_what_to_do()
    {
        using var cluster = ControlCluster.Of(4);
        SimVault vault = new(cluster);
        SimClient stranger = ClientAt(cluster, 9, at: 0);

        vault.Run(() => vault.Owner.AppendAsync(vault.Id, 1, new byte[1], default));
        vault.Run(() => vault.Owner.AppendAsync(vault.Id, 2, new byte[1], default));
        Refused refused = Assert.IsType<Refused>(stranger.Request(Submit(cluster, stranger, MachineIds.VaultCommands)));
        cluster.Until(cluster.Agree);

        SignerAccount account = SignersOf(cluster.Nodes[0]).Find(vault.Owner.Writer);
        Assert.Equal(cluster.Nodes[0].Id, Assert.Single(account.Sponsors));
        Assert.Equal(RefusalReason.UnknownDevice, refused.Reason);
        Assert.Contains("publish the account", refused.Detail);
        Assert.Empty(SignersOf(cluster.Nodes[0]).Find(stranger.Device).Sponsors);
    }

    [Fact]
    public void Only_commands_to_vaults_that_the_channels_device_signed_are_ordered()
    {
        using var cluster = ControlCluster.Of(4);
        SimClient alpha = ClientAt(cluster, 1, at: 1);
        SimClient beta = ClientAt(cluster, 2, at: 2);
        ulong height = cluster.StatusOf(cluster.Nodes[0]).Height.Value;

        LinkMessage[] answers =
        [
            alpha.Request(Submit(cluster, beta, MachineIds.VaultCommands)),
            alpha.Request(Submit(cluster, alpha, MachineIds.KeyDirectory)),
            alpha.Request(Submit(cluster, alpha, MachineIds.VaultCommands, LinkLimits.CommandsPerGroup + 1)),
            alpha.Request(new SubmitCommands(new byte[6_000])),
        ];

        Assert.Equal(
            [
                RefusalReason.NotAllowed, RefusalReason.NotAllowed, RefusalReason.NotAllowed, RefusalReason.Malformed,
            ],
            answers.Select(answer => Assert.IsType<Refused>(answer).Reason));
        Assert.Equal(height, cluster.StatusOf(cluster.Nodes[0]).Height.Value);
    }

    [Fact]
    public void A_node_that_vouches_for_as_many_as_it_may_takes_back_its_word_for_one_without_vaults()
    {
        using var cluster = ControlCluster.Of(4);
        ControlLog log = cluster.Nodes[0].Node.Control!;
        CommandAnswer[] vouched = cluster.Cluster.Run(() => Task.WhenAll(Enumerable.Range(0, 256).Select(i =>
            log.SubmitAsync(
                MachineIds.Signers,
                SignersState.EncodeVouch(new NodeId(Digest.Sha256(BitConverter.GetBytes(i)))),
                Patience,
                CancellationToken.None))));

        SimVault vault = new(cluster);

        Assert.All(vouched, answer => Assert.True(answer.IsExecuted));
        Assert.Equal(
            cluster.Nodes[0].Id, Assert.Single(SignersOf(cluster.Nodes[0]).Find(vault.Owner.Writer).Sponsors));
        Assert.Equal(256U, SignersOf(cluster.Nodes[0]).Find(cluster.Nodes[0].Id).Guests);
    }

    [Fact]
    public void A_list_shows_the_vaults_of_the_asker_alone_and_where_they_stand()
    {
        using var cluster = ControlCluster.Of(4);
        SimVault vault = new(cluster);
        (ControlCommandLog second, SimLogNodes nodes) = vault.Open(2);
        VaultDirectory others = new(second, nodes);
        vault.Run(() => vault.Owner.AppendAsync(vault.Id, 1, new byte[1], default));

        (LogStatus Status, IReadOnlyList<Client.Vaults.VaultSummary> Vaults) before =
            vault.Run(() => others.ListAsync(default));
        vault.Run(() => vault.Directory.AddWriterAsync(vault.Id, second.Writer, default));
        cluster.Until(cluster.Agree);
        (LogStatus Status, IReadOnlyList<Client.Vaults.VaultSummary> Vaults) after =
            vault.Run(() => others.ListAsync(default));
        vault.Run(() => vault.Directory.RemoveWriterAsync(vault.Id, second.Writer, default));
        LogAppend removed = vault.Run(() => second.AppendAsync(vault.Id, 1, new byte[1], default));

        Assert.Equal((LogStatus.Done, 0), (before.Status, before.Vaults.Count));
        Client.Vaults.VaultSummary only = Assert.Single(after.Vaults);
        Assert.Equal((vault.Id, vault.Owner.Writer, 1UL, 2), (only.Vault, only.Owner, only.Entries, only.Writers));
        Assert.Equal(LogStatus.NotAllowed, removed.Status);
    }

    [Fact]
    public void Where_a_vault_stands_is_proved_by_every_node_at_once_and_costs_one_more_block_after_a_change()
    {
        using var cluster = ControlCluster.Of(4);
        SimVault vault = new(cluster);
        ProvenCommandLog log = vault.Prove(vault.Owner, vault.OwnerNodes);
        vault.Run(() => log.ReadAsync(vault.Id, 0, default));
        ulong before = cluster.StatusOf(cluster.Nodes[0]).Height.Value;

        LogAppend appended = vault.Run(() => log.AppendAsync(vault.Id, 1, new byte[9], default));
        LogRange read = vault.Run(() => log.ReadAsync(vault.Id, 0, default));
        cluster.Until(cluster.Agree);
        ulong after = cluster.StatusOf(cluster.Nodes[0]).Height.Value;
        TrustedHead head = TrustedHead.Genesis(cluster.Genesis.Cluster, cluster.Genesis.Validators);
        for (int i = 0; i < 4; i++)
        {
            LogProof shown = Assert.IsType<LogProof>(ClientAt(cluster, 1, at: i).Request(new GetStateProof(
                head.Validators.Epoch.Value, head.Height.Value, head.Directory.HistoryCount, 0, vault.Id, true, true)));
            Assert.True(LogAnswer.TryDecode(shown.Content.Span, out LogAnswer? answer));
            HeadStep step = head.Take(
                answer, new HeadQuestion(Vault: vault.Id, Members: true), MlDsa65Verifier.Instance);

            Assert.Equal((HeadVerdict.Proven, ""), (step.Verdict, step.Detail));
            Assert.Equal((1UL, read.End.Head), (step.Vault!.Summary!.Count, step.Vault.Summary.Head));
            Assert.Equal(cluster.Nodes.Select(node => node.Id).Order(), step.Members!.Members.Select(m => m.Node));
            head = step.Head;
        }

        Assert.Equal((LogStatus.Done, 1), (appended.Status, read.Entries.Count));
        Assert.Equal(2UL, after - before);
        Assert.Equal(after, cluster.StatusOf(cluster.Nodes[0]).Height.Value);
    }

    [Fact]
    public void A_node_without_a_control_log_serves_no_vaults_and_says_so()
    {
        using SimCluster cluster = SimCluster.OfUpNodes(3);
        SimClient client = new(cluster, 1);
        client.Connect(cluster.Nodes[0]);

        Refused refused = Assert.IsType<Refused>(client.Request(new ListVaults(default)));

        Assert.Equal(RefusalReason.Unavailable, refused.Reason);
        Assert.Contains("no vaults", refused.Detail);
    }

    private static async Task<CommitStatus[]> MakeManyAsync(VaultSession session, string prefix, Action half)
    {
        const int Files = 8;
        List<CommitStatus> made = [];
        for (int i = 0; i < Files; i++)
        {
            if (i == Files / 2)
            {
                half();
            }

            made.Add((await SimVault.MakeAsync(session, $"{prefix}-{i}")).Status);
        }

        return [.. made];
    }

    private static SubmitCommands Submit(ControlCluster cluster, SimClient signer, ushort machine, int count = 1)
    {
        Command[] commands =
        [
            .. Enumerable.Range(1, count).Select(i => new Command(
                signer.Device.Value, (ulong)i, machine, VaultCommand.Create(default).Encode())),
        ];
        byte[] signed = CommandGroup.EncodeSigned(cluster.Cluster.Now.UtcTicks, commands);
        return new SubmitCommands(CommandGroup.Assemble(
            signer.Identity.PublicKey.Span,
            signed,
            signer.Identity.Key.Sign(
                signed, CommandGroup.SignatureContext(cluster.Genesis.Cluster), new SeededRandom(5))).Encoded);
    }

    private static SimClient ClientAt(ControlCluster cluster, int number, int at)
    {
        SimClient client = new(cluster.Cluster, number);
        client.Connect(cluster.Nodes[at]);
        return client;
    }

    private static VaultCommandsState StateOf(SimNode node) =>
        (VaultCommandsState)node.Node.Control!.Read().Ledger.StateOf(MachineIds.VaultCommands)!;

    private static SignersState SignersOf(SimNode node) =>
        (SignersState)node.Node.Control!.Read().Ledger.StateOf(MachineIds.Signers)!;
}
