using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Cryptography.Tests;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;
using static SigmaComms.Vault.Namespace.NamespaceOperation;

namespace SigmaComms.Vault.Tests.Transactions;

/// <summary>A vault of two members with its log in memory.</summary>
internal sealed class VaultFixture : IDisposable
{
    private readonly MlDsa65SigningKey _owner;
    private readonly byte[] _bobKey;

    public VaultFixture(SeededRandom random)
    {
        Random = random;
        _owner = MlDsa65SigningKey.Generate(random);
        Author = new HeaderAuthor(_owner, random);
        _bobKey = random.Bytes(32);
        XWing.DeriveEncapsulationKey(_bobKey, BobPublicKey);
        using SlotSecret device = SlotSecret.Device(AliceSecret);
        (VaultHeader first, Keys) = Author.Create(
            new Digest(random.Bytes(32)), VaultShape.DefaultFor(1), device, default(Argon2Cost));
        Header = Author.AddMember(first, Keys, Bob, BobPublicKey)!;
        FirstHeader = first;
        Log = new MemoryLog(first.Vault, Alice);
        Log.AddWriter(Bob);
    }

    public SeededRandom Random { get; }

    public HeaderAuthor Author { get; }

    public VaultHeader FirstHeader { get; }

    public VaultHeader Header { get; }

    public VaultKeyring Keys { get; }

    public MemoryLog Log { get; }

    public MemorySnapshotStore Snapshots { get; } = new();

    public Digest Vault => Header.Vault;

    public NodeId Alice => _owner.Id;

    public byte[] BobPublicKey { get; } = new byte[XWing.EncapsulationKeySize];

    public NodeId Bob { get; } = NodeId.Of("bob's device"u8);

    private static byte[] AliceSecret { get; } = [.. Enumerable.Repeat((byte)9, 32)];

    public VaultAccess AccessOf(NodeId who, ICommandLog? log = null) =>
        new(Vault, log ?? Log.As(who), header => Unlock(header, who), Random, Snapshots);

    public VaultKeyring? Unlock(VaultHeader header, NodeId who)
    {
        using SlotSecret secret = who == Alice
            ? SlotSecret.Device(AliceSecret)
            : SlotSecret.OfMember(who, _bobKey);
        header.TryUnlock(secret, out VaultKeyring? keys);
        return keys;
    }

    /// <summary>A session of Alice after both headers are in the log.</summary>
    public async Task<VaultSession> StartAsync()
    {
        VaultSession session = VaultSession.Start(AccessOf(Alice));
        Assert.Equal(CommitStatus.Committed, (await session.PublishAsync(FirstHeader, default)).Status);
        Assert.Equal(CommitStatus.Committed, (await session.PublishAsync(Header, default)).Status);
        return session;
    }

    public async Task<VaultSession> JoinAsync(NodeId who, ICommandLog? log = null, LogPosition remembered = default)
    {
        VaultSession session = VaultSession.Start(AccessOf(who, log), remembered);
        Assert.True((await session.SyncAsync(default)).IsCurrent);
        return session;
    }

    public static Make MakeFile(VaultSession session, string name) => new(
        NamespaceLimits.Root, EntryName.Of(name), session.NewInode(), FileKind.Regular, default, 0, 1);

    public static async Task<CommitResult> CommitAsync(VaultSession session, params NamespaceOperation[] operations)
    {
        VaultTransaction transaction = session.Begin();
        Assert.All(operations, operation => Assert.True(transaction.TryAdd(operation)));
        return await session.CommitAsync(transaction, default);
    }

    public StripeEntry NewStripe(int length = 100) => new(
        new StripeId(Random.Bytes(16)),
        new StripeLayout(length, 1, 0),
        Random.Bytes(32),
        Random.Bytes(16),
        [new Digest(Random.Bytes(32))]);

    public void Dispose()
    {
        Keys.Dispose();
        _owner.Dispose();
    }
}
