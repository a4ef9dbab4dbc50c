using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using SigmaComms.Bench.Channels;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Vault;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Sealing;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Bench.Vaults;

/// <summary>How fast a namespace applies operations, what a million files weigh, what opening a vault costs.</summary>
internal static class NamespaceBench
{
    private const int FilesPerFolder = 1_000;
    private const int Files = 1_000_000;
    private const int Rounds = 5;

    public static Task Run()
    {
        Apply();
        foreach ((string name, int kind) in (ReadOnlySpan<(string, int)>)
            [("empty", 0), ("200 B inline", 1), ("one stripe 1+0", 2), ("one stripe 2+2", 3), ("one stripe 4+2", 4)])
        {
            Weigh(name, kind);
        }

        return Task.CompletedTask;
    }

    /// <summary>What opening a vault costs, and a commit with nothing but memory behind it.</summary>
    public static async Task RunKeys()
    {
        Derive(1);
        Derive(2);
        Derive(3);
        await Sessions();
    }

    private static void Apply()
    {
        List<NamespaceOperation[]> batches = [];
        ulong inode = 1_000_000;
        for (int folder = 0; folder < 100; folder++)
        {
            ulong parent = ++inode;
            batches.Add([MakeOf(NamespaceLimits.Root, $"folder{folder}", parent, FileKind.Directory)]);
            for (int file = 0; file < FilesPerFolder; file++)
            {
                ulong id = ++inode;
                EntryName name = EntryName.Of($"file-{file}.txt");
                batches.Add([MakeOf(parent, name.ToString(), id, FileKind.Regular)]);
                batches.Add([new NamespaceOperation.WriteInline(id, new byte[64], 2)]);
                batches.Add([new NamespaceOperation.SetAttributes(
                    id, AttributeFields.Mode, new Ownership(0x1A4, 0, 0), 0, 0, 3)]);
                batches.Add([new NamespaceOperation.Rename(
                    parent, name, parent, EntryName.Of($"done-{file}.txt"), RenameMode.Replace, 4)]);
                if (file % 2 == 0)
                {
                    batches.Add([new NamespaceOperation.Unlink(parent, EntryName.Of($"done-{file}.txt"), 5)]);
                }
            }
        }

        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            NamespaceState state = new();
            long start = Stopwatch.GetTimestamp();
            foreach (NamespaceOperation[] batch in batches)
            {
                if (!state.Apply(default, 1, batch).Succeeded)
                {
                    throw new InvalidOperationException("An operation failed.");
                }
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        Print($"apply, one operation a batch: {batches.Count / best:N0} operations/s");
        NamespaceOperation[][] joined = [.. batches.SelectMany(batch => batch).Chunk(64)];
        double bestJoined = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            NamespaceState state = new();
            long start = Stopwatch.GetTimestamp();
            foreach (NamespaceOperation[] batch in joined)
            {
                state.Apply(default, 1, batch);
            }

            bestJoined = Math.Min(bestJoined, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        Print($"apply, 64 operations a batch with what undoes them: {batches.Count / bestJoined:N0} operations/s");
    }

    private static void Weigh(string name, int kind)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        NamespaceState state = new();
        Span<byte> id = stackalloc byte[StripeId.SizeBytes];
        ulong parent = 0;
        for (int file = 0; file < Files; file++)
        {
            if (file % FilesPerFolder == 0)
            {
                parent = (ulong)(10_000_000 + file);
                state.Apply(default, 1, [MakeOf(NamespaceLimits.Root, $"folder{file}", parent, FileKind.Directory)]);
            }

            ulong inode = (ulong)(20_000_000 + file);
            state.Apply(default, 1, [MakeOf(parent, $"file-{file}.txt", inode, FileKind.Regular)]);
            if (kind == 1)
            {
                state.Apply(default, 1, [new NamespaceOperation.WriteInline(inode, new byte[200], 2)]);
            }
            else if (kind > 1)
            {
                BinaryPrimitives.WriteInt32LittleEndian(id, file);
                (int data, int parity) = kind switch { 2 => (1, 0), 3 => (2, 2), _ => (4, 2) };
                StripeEntry stripe = new(
                    new StripeId(id),
                    new StripeLayout(5_000, data, parity),
                    new byte[32],
                    new byte[16],
                    new Digest[data + parity]);
                state.Apply(default, 1, [new NamespaceOperation.WriteStripe(inode, 0, 5_000, stripe, 2)]);
            }
        }

        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Print($"1,000,000 files, {name}: {used / 1e6:N0} MB");
        if (kind == 0)
        {
            long start = Stopwatch.GetTimestamp();
            byte[] snapshot = NamespaceSnapshot.Encode(state);
            double encode = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            bool read = NamespaceSnapshot.TryDecode(snapshot, out _);
            double decode = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Print($"snapshot of it: {snapshot.Length / 1e6:N0} MB, {encode:N2} s; read back ({read}): {decode:N2} s");
        }

        GC.KeepAlive(state);
    }

    private static void Derive(int passes)
    {
        byte[] salt = new byte[16];
        byte[] key = new byte[32];
        List<double> wall = [];
        List<double> thread = [];
        for (int round = 0; round < 15; round++)
        {
            long start = Stopwatch.GetTimestamp();
            long cpu = ThreadTime.Nanoseconds;
            Argon2id.DeriveKey("correct horse"u8, salt, new Argon2Cost(64, passes), key);
            thread.Add((ThreadTime.Nanoseconds - cpu) / 1e6);
            wall.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        wall.Sort();
        thread.Sort();
        Print($"Argon2id, 64 MiB, {passes} passes, least and median:");
        Print($"  thread {thread[0]:N0} and {thread[7]:N0} ms, wall {wall[0]:N0} and {wall[7]:N0} ms");
    }

    private static async Task Sessions()
    {
        using MlDsa65SigningKey owner = MlDsa65SigningKey.Generate(SystemRandom.Instance);
        HeaderAuthor author = new(owner, SystemRandom.Instance);
        byte[] device = new byte[32];
        using SlotSecret secret = SlotSecret.Device(device);
        (VaultHeader header, VaultKeyring keys) = author.Create(
            Digest.Sha256("bench"u8), VaultShape.DefaultFor(1), secret, default);
        keys.Dispose();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++)
        {
            header.TryUnlock(secret, out VaultKeyring? opened);
            opened?.Dispose();
        }

        Print($"opening a slot without a passphrase: {Stopwatch.GetElapsedTime(start).TotalMilliseconds / 100:N2} ms");
        MemoryLog log = new(header.Vault, owner.Id);
        VaultAccess access = new(
            header.Vault, log.As(owner.Id), Unlock, SystemRandom.Instance, new MemorySnapshotStore());
        await using VaultSession session = VaultSession.Start(access);
        await session.PublishAsync(header, default);
        const int Commits = 20_000;
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Commits; i++)
        {
            VaultTransaction transaction = session.Begin();
            transaction.TryAdd(MakeOf(NamespaceLimits.Root, $"f{i}", session.NewInode(), FileKind.Regular));
            await session.CommitAsync(transaction, default);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Print($"commits of one file over a log in memory, sealed and opened: {Commits / seconds:N0}/s");
        start = Stopwatch.GetTimestamp();
        await using VaultSession replay = VaultSession.Start(access);
        await replay.SyncAsync(default);
        seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Print($"replay of these entries: {Commits / seconds:N0}/s");

        VaultKeyring? Unlock(VaultHeader found)
        {
            found.TryUnlock(secret, out VaultKeyring? opened);
            return opened;
        }
    }

    private static NamespaceOperation.Make MakeOf(ulong parent, string name, ulong inode, FileKind kind) =>
        new(parent, EntryName.Of(name), inode, kind, new Ownership(0x1ED, 1000, 1000), 0, 1);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
