using Microsoft.Extensions.Logging.Abstractions;
using SigmaComms.Client.Tests.Support;
using SigmaComms.Client.Transparency;
using SigmaComms.Client.Vaults.Ordering;
using SigmaComms.Consensus;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.InMemory;

namespace SigmaComms.Client.Tests.Vaults.Ordering;

/// <summary>
/// Nodes over one ledger of real machines, without network or votes. A test bends what a node answers; what it does
/// not bend is what an honest node of the real cluster answers.
/// </summary>
internal sealed class PretendedCluster : ILogNodes
{
    private readonly Lock _gate = new();
    private readonly SeededRandom _random;
    private readonly List<(Ledger Ledger, long Timestamp)> _states = [];
    private readonly HashSet<NodeId> _known = [];
    private readonly MlDsa65SigningKey _member;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeId? _caller;
    private NodeId? _preferred;
    private ulong _vouched;

    public PretendedCluster(SeededRandom random, InstantTime time, int nodes = 4)
    {
        _random = random;
        Time = time;
        _member = new MlDsa65SigningKey(random.Bytes(32));
        MlDsa65SigningKey[] founders =
            [.. Enumerable.Range(0, nodes).Select(_ => new MlDsa65SigningKey(random.Bytes(32)))];
        Nodes = [.. founders.Select(static founder => founder.Id)];
        Chain = new PretendedChain(Cluster, random);
        MembershipMachine membership = new(
            Cluster,
            new Epoch(1),
            [
                .. founders.Select((node, i) =>
                    Chain.RequestOf(node, Consensus.Membership.NodeRoles.Storage, $"zone{i}")),
            ],
            [_member.Id],
            MlDsa65Verifier.Instance,
            new AccusationJudge(MlDsa65Verifier.Instance));
        Validators = ((IValidatorState)membership.Genesis).Validators;
        IMachine[] machines =
        [
            membership, PretendedChain.NoRecords, new VaultCommandsMachine(new VaultLimits()),
            new SignersMachine(new SignerLimits()),
        ];
        _states.Add((Ledger.Genesis(Cluster, machines, Validators), time.GetUtcNow().UtcTicks));
        Anchor = new LogAnchor(Cluster, Validators);
    }

    public Digest Cluster { get; } = Digest.Sha256("pretended"u8);

    public InstantTime Time { get; }

    public IReadOnlyList<NodeId> Nodes { get; }

    public ValidatorSet Validators { get; }

    public PretendedChain Chain { get; }

    public LogAnchor Anchor { get; }

    public HashSet<NodeId> Distrusted { get; } = [];

    /// <summary>What a node answers in place of what it should; null for nothing.</summary>
    public Func<NodeId, LinkMessage, Func<LinkMessage>, LinkMessage?> Bend { get; set; } =
        static (_, _, honest) => honest();

    public int Blocks => _states.Count - 1;

    public List<LinkMessage> Asked { get; } = [];

    /// <summary>From now on the nodes know the device, as after its account was published.</summary>
    public CommandSigner Admit(MlDsa65SigningKey device, ulong process = 1)
    {
        lock (_gate)
        {
            _known.Add(device.Id);
        }

        return new CommandSigner(device, Cluster, Time, new SeededRandom(process));
    }

    public (ControlCommandLog Log, CommandQueue Queue) Open(MlDsa65SigningKey device, ulong process = 1)
    {
        CommandQueue queue = new(Admit(device, process), new GroupDelivery(this, Time));
        return (new ControlCommandLog(device.Id, this, queue, Time), queue);
    }

    /// <summary>The log as a client has it that believes nothing unproved.</summary>
    public async Task<ProvenCommandLog> OpenProvenAsync(MlDsa65SigningKey device, ulong process = 1) =>
        new(Open(device, process).Log, await WitnessAsync());

    public async Task<VaultWitness> WitnessAsync() => new(await InquiryAsync());

    public async Task<StateInquiry> InquiryAsync() => new(
        await LogWitness.OpenAsync(
            Anchor, new InMemoryStore(Time), NullLogger.Instance, static _ => { }, CancellationToken.None),
        this);

    public void Distrust(NodeId node) => Distrusted.Add(node);

    public VaultStream? Find(Digest vault) => StateOf(Blocks).Find(vault);

    public Task<AskedNode?> AskAsync(
        LinkMessage request, Func<NodeId, bool> mayAsk, TimeSpan patience, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Asked.Add(request);
            NodeId[] order = [.. Nodes.OrderBy(Distrusted.Contains).ThenBy(node => node != _preferred)];
            if (order.Where(mayAsk).Cast<NodeId?>().FirstOrDefault() is not { } node)
            {
                return Task.FromResult<AskedNode?>(null);
            }

            LinkMessage? answer = Bend(node, request, () => Honest(request));
            _preferred = answer is null ? _preferred : node;
            AskedNode asked = new(node, answer);
            return request is ReadVault { WaitMilliseconds: > 0 } read && answer is VaultPage page
                && page.Standing.Count <= read.From && page.Standing.Height == (ulong)Blocks
                ? LaterAsync(asked, read, _grown.Task, ct)
                : Task.FromResult<AskedNode?>(asked);
        }
    }

    /// <summary>What a node that stopped at a block shows.</summary>
    public LinkMessage Show(ReadVault ask, int block) => StateOf(block).Find(ask.Vault) is { } stream
        ? PageOf(stream, ask, block)
        : new Refused(RefusalReason.NotFound, "no such vault");

    /// <summary>Blocks that are not about the vaults of the test.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Execute([]);
    }

    private async Task<AskedNode?> LaterAsync(AskedNode asked, ReadVault read, Task grown, CancellationToken ct)
    {
        await grown.WaitAsync(ct);
        return asked with { Answer = Show(read, Blocks) };
    }

    private LinkMessage Honest(LinkMessage request) => request switch
    {
        SubmitCommands submit => Order(submit),
        ReadVault read => Show(read, Blocks),
        ListVaults list => List(list),
        GetStateProof ask => Prove(ask),
        _ => new Refused(RefusalReason.UnknownMessage, "not in this test"),
    };

    /// <summary>The state after the last block is shown by the header of another one.</summary>
    private LinkMessage Prove(GetStateProof ask)
    {
        if (Blocks == 0 || _states[^1].Ledger.Root != _states[^2].Ledger.Root)
        {
            Execute([]);
        }

        return Chain.Show(ask, Chain.Last);
    }

    private LinkMessage Order(SubmitCommands submit)
    {
        if (!CommandGroup.TryDecode(submit.Group, out CommandGroup? group) || !group.Verify(Cluster))
        {
            return new Refused(RefusalReason.BadSignature, "not signed");
        }

        if (!_known.Contains(group.Signer))
        {
            return new Refused(RefusalReason.UnknownDevice, "no account has the device");
        }

        _caller = group.Signer;
        Vouch(group.Signer);
        return new CommandsOrdered(
            (ulong)Blocks + 1,
            [.. Execute([group]).Select(static result => new OrderedCommand((byte)result.Outcome, result.Reply))]);
    }

    private VaultList List(ListVaults list) => new(
        [.. StateOf(Blocks).Vaults
            .Where(stream => stream.Id > list.After && stream.Writers.GetValueOrDefault(_caller!.Value).MayWrite)
            .Take(2)
            .Select(stream => new VaultListing(stream.Id, StandingOf(stream, Blocks)))],
        IsLast: StateOf(Blocks).Vaults.Count(stream => stream.Id > list.After) <= 2);

    private void Vouch(NodeId device)
    {
        if (!_states[^1].Ledger.Knows(device))
        {
            Command command = new(
                _member.Id.Value, ++_vouched, MachineIds.Signers, SignersState.EncodeVouch(device));
            byte[] signed = CommandGroup.EncodeSigned(_states[^1].Timestamp, [command]);
            Execute([CommandGroup.Assemble(
                _member.PublicKey.Span,
                signed,
                _member.Sign(signed, CommandGroup.SignatureContext(Cluster), _random))]);
        }
    }

    private IReadOnlyList<CommandResult> Execute(IReadOnlyList<CommandGroup> groups)
    {
        (Ledger ledger, long timestamp) = _states[^1];
        long now = Math.Max(timestamp + 1, Time.GetUtcNow().UtcTicks);
        Chain.Add(ledger, now, groups);
        Execution done = ledger.Execute(new Epoch(1), new Height((ulong)_states.Count), now, groups);
        _states.Add((done.Ledger, now));
        _grown.TrySetResult();
        _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return done.Results;
    }

    private VaultCommandsState StateOf(int block) =>
        (VaultCommandsState)_states[block].Ledger.StateOf(MachineIds.VaultCommands)!;

    private VaultPage PageOf(VaultStream stream, ReadVault ask, int block)
    {
        IReadOnlyList<VaultEntry> entries = stream.Read(
            ask.From, LinkLimits.VaultEntriesPerPage, LinkLimits.VaultPageBytes);
        return new VaultPage(
            StandingOf(stream, block),
            entries.Count > 0 ? stream.HeadAt(ask.From) : stream.Head,
            [.. entries.Select(static entry => new VaultPageEntry(
                entry.Writer, entry.Sequence, (ulong)entry.Timestamp, entry.Content))]);
    }

    private VaultStanding StandingOf(VaultStream stream, int block) => new(
        (ulong)block,
        (ulong)_states[block].Timestamp,
        stream.Owner,
        stream.First,
        stream.FirstHead,
        stream.Count,
        stream.Head,
        (ushort)stream.Writers.Count,
        (ulong)stream.KeptBytes,
        MayWrite: true,
        LastSequence: 0);
}
